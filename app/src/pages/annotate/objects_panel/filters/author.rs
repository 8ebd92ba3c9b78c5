//! By who drew it: the document knows clients, the server whose they were.
//!
//! Both are asked once, when the filters open.

use crate::api_client;
use crate::components::SelectField;
use crate::pages::annotate::desk::Desk;
use crate::pages::annotate::objects::filter::Author;
use crate::session::use_session;
use crate::t;
use std::collections::HashMap;
use std::rc::Rc;
use visionflow_api::ImageAuthor;
use visionflow_geometry::sort_by;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct AuthorFilterProps {
    pub desk: Desk,
    pub author: Option<Author>,
}

/// Somebody with what they drew here.
#[derive(Clone, PartialEq)]
struct Found {
    author: Author,
    name: String,
    count: usize,
}

#[component]
pub fn AuthorFilter(props: &AuthorFilterProps) -> Html {
    let found = use_state_eq(|| Rc::new(Vec::<Found>::new()));
    let session = use_session();
    let me = session.me().map(|me| me.id.to_string()).unwrap_or_default();
    {
        let (desk, found, me) = (props.desk.clone(), found.setter(), me.clone());
        use_effect_with(desk.image_id, move |_| {
            yew::platform::spawn_local(async move {
                let path = format!("/api/v1/images/{}/authors", desk.image_id);
                // Without the server, everyone is whoever their client was.
                let known = api_client::get::<Vec<ImageAuthor>>(&path)
                    .await
                    .unwrap_or_default();
                found.set(Rc::new(people(&desk, known, &me)));
            });
        });
    }
    let name = |author: &Found| {
        if author.author.id == me {
            t!("author-me")
        } else {
            author.name.clone()
        }
    };
    let options = found.iter().map(|author| {
        let words = format!("{} · {}", name(author), author.count);
        (
            AttrValue::from(author.author.id.clone()),
            AttrValue::from(words),
        )
    });
    let all = (
        AttrValue::Static(""),
        AttrValue::from(t!("filter-all-authors")),
    );
    let options: Vec<_> = std::iter::once(all).chain(options).collect();
    let value = props
        .author
        .as_ref()
        .map(|author| author.id.clone())
        .unwrap_or_default();
    let onchange = {
        let (desk, found) = (props.desk.clone(), found.clone());
        Callback::from(move |id: String| {
            let author = found.iter().find(|found| found.author.id == id);
            let author = author.map(|found| found.author.clone());
            desk.refilter(|filter| filter.author = author);
        })
    };
    html! { <SelectField label={t!("filter-author")} {value} {options} {onchange} /> }
}

/// Everyone who drew something that is there, the most diligent first.
fn people(desk: &Desk, known: Vec<ImageAuthor>, me: &str) -> Vec<Found> {
    let mut owners: HashMap<u64, (String, String)> = HashMap::new();
    for author in known {
        let id = author
            .user_id
            .map_or_else(|| "server".to_owned(), |id| id.to_string());
        let name = author.name.unwrap_or_else(|| t!("author-unknown"));
        owners.extend(
            author
                .client_ids
                .iter()
                .map(|client| (*client, (id.clone(), name.clone()))),
        );
    }
    // The server learns of this window's client with its first edit.
    owners.insert(desk.engine.client_id(), (me.to_owned(), String::new()));
    let mut found: HashMap<String, Found> = HashMap::new();
    for client in desk.engine.authors().into_values() {
        let unknown = || (format!("client-{client}"), t!("author-unknown"));
        let (id, name) = owners.get(&client).cloned().unwrap_or_else(unknown);
        let entry = found.entry(id.clone()).or_insert_with(|| Found {
            author: Author {
                id,
                clients: std::collections::BTreeSet::new(),
            },
            name,
            count: 0,
        });
        entry.author.clients.insert(client);
        entry.count += 1;
    }
    let mut found: Vec<Found> = found.into_values().collect();
    sort_by(&mut found, |a, b| {
        b.count
            .cmp(&a.count)
            .then_with(|| a.author.id.cmp(&b.author.id))
    });
    found
}
