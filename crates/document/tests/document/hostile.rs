//! Bytes that nobody should send.

use crate::support::*;
use proptest::collection::vec;
use proptest::prelude::*;
use visionflow_document::lib0::{write_buffer, write_var_uint};
use visionflow_document::{
    Document, Edit, UpdateError, check_state_vector, check_update, client_ids,
};
use visionflow_model::Verdict;
use yrs::{Array, ArrayPrelim, Doc, Map, MapPrelim, ReadTxn, StateVector, Text, Transact};

/// Refused, and the document is none the worse for it.
fn check_refused(update: &[u8]) {
    assert!(check_update(update).is_err());
    let (mut document, _) = pair(2);
    let before = contents(&document);
    assert!(document.apply_update(update).is_err());
    assert_eq!(contents(&document), before);
    document.edit(&[add(7)]).unwrap();
}

/// An update of client 1 with one item in `annotations` that holds `content`.
fn item(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut update = vec![1, 1, 1, 0, 0x20 | kind, 1];
    write_buffer(&mut update, b"annotations");
    write_buffer(&mut update, b"key");
    update.extend_from_slice(content);
    update.push(0);
    update
}

fn written(f: impl FnOnce(&Doc)) -> Vec<u8> {
    let doc = Doc::with_client_id(3);
    f(&doc);
    let txn = doc.transact();
    txn.encode_state_as_update_v1(&StateVector::default())
}

#[test]
fn a_plain_item_passes() {
    let null = item(8, &[1, 126]);
    assert_eq!(client_ids(&null), Ok(vec![1]));
    assert!(Document::new(2).apply_update(&null).unwrap().is_empty());
    assert_eq!(client_ids(&[0, 0]), Ok(vec![]));
}

#[test]
fn a_claim_of_gigabytes_is_refused() {
    let huge = [0xff, 0xff, 0xff, 0xff, 0x07];
    check_refused(&huge);
    check_refused(&[&[1][..], &huge, &[1, 0]].concat());
    check_refused(&item(8, &huge));
    check_refused(&item(8, &[&[1, 117][..], &huge].concat()));
    check_refused(&item(8, &[&[1, 118][..], &huge].concat()));
    check_refused(&item(8, &[&[1, 119][..], &huge].concat()));
    assert!(check_state_vector(&huge).is_err());
    assert!(Document::new(1).diff(&huge).is_err());
}

#[test]
fn deep_values_are_refused() {
    let mut content = vec![1];
    content.extend([117, 1].repeat(1_000_000));
    content.push(126);
    check_refused(&item(8, &content));
}

#[test]
fn clocks_at_the_end_of_time_are_refused() {
    let mut update = vec![1, 1, 1];
    write_var_uint(&mut update, u64::from(u32::MAX));
    update.extend([8, 1, 1, b'a', 1, 126, 0]);
    check_refused(&update);
    check_refused(&[1, 1, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0]);
    check_refused(&[0, 1, 1, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 1]);
}

#[test]
fn nothing_is_empty_doubled_or_refers_to_its_future() {
    check_refused(&[1, 1, 1, 0, 0, 0, 0]);
    check_refused(&[1, 0, 1, 0, 0]);
    check_refused(&[2, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0]);
    check_refused(&[1, 1, 1, 0, 0x88, 1, 5, 1, 126, 0]);
    check_refused(&[0, 1, 1, 2, 5, 3, 6, 1]);
    check_refused(&[0, 0, 0]);
}

#[test]
fn shared_types_are_refused_with_a_word() {
    let nested_map = written(|doc| {
        let map = doc.get_or_insert_map("annotations");
        map.insert(&mut doc.transact_mut(), "a", MapPrelim::default());
    });
    let nested_array = written(|doc| {
        let array = doc.get_or_insert_array("x");
        array.push_back(&mut doc.transact_mut(), ArrayPrelim::default());
    });
    let text = written(|doc| {
        let text = doc.get_or_insert_text("comments");
        text.insert(&mut doc.transact_mut(), 0, "hello");
    });
    let nested_suggestion = written(|doc| {
        let map = doc.get_or_insert_map("suggestions");
        map.insert(&mut doc.transact_mut(), "a", MapPrelim::default());
    });
    let text_verdict = written(|doc| {
        let text = doc.get_or_insert_text("verdicts");
        text.insert(&mut doc.transact_mut(), 0, "accepted");
    });
    for update in [
        nested_map,
        nested_array,
        text,
        nested_suggestion,
        text_verdict,
    ] {
        assert!(matches!(
            check_update(&update),
            Err(UpdateError::Unsupported(_))
        ));
        check_refused(&update);
    }
}

/// An update in which each of many clients waits for the one before it.
fn chain(clients: std::ops::Range<u64>) -> Vec<u8> {
    let mut update = Vec::new();
    write_var_uint(&mut update, clients.end - clients.start);
    for client in clients.rev() {
        update.push(1);
        write_var_uint(&mut update, client);
        update.extend([0, 0x88]);
        write_var_uint(&mut update, client - 1);
        update.extend([0, 1, 126]);
    }
    update.push(0);
    update
}

/// The chain's beginning.
fn first_of_chain(client: u64) -> Vec<u8> {
    let mut update = vec![1, 1];
    write_var_uint(&mut update, client);
    update.extend([0, 0x28, 1, 1, b'a', 1, b'k', 1, 126, 0]);
    update
}

#[test]
fn a_long_chain_of_clients_waits_for_its_beginning() {
    let mut document = Document::new(1);
    document.apply_update(&chain(10..20_000)).unwrap();
    for n in 40..60 {
        let piece = chain(n * 500..(n + 1) * 500);
        document.apply_update(&piece).unwrap();
        document.apply_update(&piece).unwrap();
    }
    document.edit(&[add(1)]).unwrap();
    let waiting = document.waiting();
    let mut late = Document::from_updates(2, waiting.iter().map(Vec::as_slice)).unwrap();
    for document in [&mut document, &mut late] {
        assert!(!document.is_whole());
        document.apply_update(&first_of_chain(9)).unwrap();
        assert!(document.is_whole());
    }
    let copy = Document::from_updates(2, [&*document.diff(&[]).unwrap()]).unwrap();
    assert_eq!(copy.state_vector().len(), document.state_vector().len());
}

/// Two clients' chains in which each struct waits for one of the other's.
#[test]
fn what_waits_for_each_other_in_turns_is_looked_at_once() {
    const TURNS: u64 = 20_000;
    let chain = |client: u64, other: u64, behind: u64| {
        let mut update = Vec::new();
        for number in [1, TURNS, client, 1] {
            write_var_uint(&mut update, number);
        }
        for clock in 1..=TURNS {
            update.push(0x88);
            write_var_uint(&mut update, other);
            write_var_uint(&mut update, clock - behind);
            update.extend([1, 126]);
        }
        update.push(0);
        update
    };
    let mut document = Document::new(1);
    document.apply_update(&chain(10, 11, 0)).unwrap();
    document.apply_update(&chain(11, 10, 1)).unwrap();
    document.apply_update(&first_of_chain(11)).unwrap();
    assert!(!document.is_whole());
    document.apply_update(&first_of_chain(10)).unwrap();
    assert!(document.is_whole());
}

#[test]
fn a_client_of_nothing_but_gaps_is_refused() {
    let mut update = Vec::new();
    for number in [1, 600_000, 10, 1] {
        write_var_uint(&mut update, number);
    }
    // A collected struct, and one that is left out.
    for _ in 0..300_000 {
        update.extend([0, 1, 10, 1]);
    }
    update.push(0);
    let mut document = Document::new(1);
    let refused = Err(UpdateError::TooManyGaps);
    assert_eq!(document.apply_update(&update), refused);
    assert!(document.is_whole());
}

#[test]
fn what_builds_on_what_is_not_yet_written_comes_with_it() {
    let mut document = Document::new(8);
    // It follows the first struct of the document's own client.
    document.apply_update(&chain(9..10)).unwrap();
    assert!(!document.is_whole());
    document.edit(&[add(1)]).unwrap();
    assert!(document.is_whole());
}

#[test]
fn clients_that_wait_for_each_other_in_a_ring_harm_nobody() {
    let mut ring = chain(10..5000);
    // The first client waits for the second, which waits for it.
    let first = ring.len() - 9;
    assert_eq!(ring[first..first + 4], [1, 10, 0, 0x88]);
    ring[first + 4] = 11;
    let mut document = Document::new(1);
    document.apply_update(&ring).unwrap();
    document.edit(&[add(1)]).unwrap();
    assert!(!document.is_whole());
    assert_eq!(document.len(), 1);
    assert_eq!(
        Document::from_updates(2, [&*document.diff(&[]).unwrap()])
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn many_clients_that_need_not_wait_are_welcome() {
    let descending = chain(10..60_000);
    let mut ascending = Vec::new();
    write_var_uint(&mut ascending, 60_000 - 10);
    for client in 10..60_000 {
        ascending.extend_from_slice(&chain(client..client + 1)[1..]);
        ascending.pop();
    }
    ascending.push(0);
    for update in [descending, ascending] {
        let mut document = Document::new(1);
        document.apply_update(&first_of_chain(9)).unwrap();
        document.apply_update(&update).unwrap();
        assert!(document.is_whole());
        let snapshot = document.diff(&[]).unwrap();
        let copy = Document::from_updates(2, [snapshot.as_slice()]).unwrap();
        assert!(copy.is_whole());
    }
}

/// Updates of a busy document, with overwritten, deleted and collected items.
fn busy() -> Vec<Vec<u8>> {
    let (mut a, mut b) = (Document::new(1), Document::new(2));
    for n in 0..4 {
        a.edit(&[add(n)]).unwrap();
        a.edit(&[Edit::SetLabel(id(n), label(n))]).unwrap();
    }
    let mut updates = a.take_updates();
    for update in &updates {
        b.apply_update(update).unwrap();
    }
    b.edit(&[Edit::Delete(id(1)), Edit::SetZ(id(2), 4.0)])
        .unwrap();
    b.edit(&[Edit::SetZ(id(2), 5.0)]).unwrap();
    b.undo();
    b.bring(&[suggest(10), suggest(11)]).unwrap();
    b.edit(&[decide(10, Verdict::Accepted), decide(11, Verdict::Rejected)])
        .unwrap();
    updates.extend(b.take_updates());
    updates.push(b.diff(&[]).unwrap());
    updates
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_never_panics(bytes in vec(any::<u8>(), 0..200)) {
        let mut document = Document::new(9);
        let _ = document.apply_update(&bytes);
        let _ = document.diff(&bytes);
        document.edit(&[add(1)]).unwrap();
    }

    /// Real updates with bytes changed, cut and doubled: mostly well-formed, always wrong.
    #[test]
    fn damaged_updates_never_panic(
        damage in vec((0..64usize, any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..8),
        order in vec(0..64usize, 1..16),
    ) {
        let mut updates = busy();
        for (which, at, byte, how) in damage {
            let which = which % updates.len();
            let update = &mut updates[which];
            if update.is_empty() {
                continue;
            }
            let at = at.index(update.len());
            match how {
                0 => update[at] = byte,
                1 => update[at] = update[at].wrapping_add(byte % 5).wrapping_sub(2),
                2 => update.insert(at, byte),
                _ => drop(update.remove(at)),
            }
        }
        let mut document = Document::new(9);
        for index in order {
            let _ = document.apply_update(&updates[index % updates.len()]);
        }
        for update in &updates {
            let _ = document.apply_update(update);
        }
        let _ = document.edit(&[add(40)]);
        document.undo();
        let copy = document.diff(&[]).unwrap();
        let _ = Document::new(10).apply_update(&copy);
    }
}
