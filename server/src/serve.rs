//! `visionflow serve`: starts the parts, serves, and stops them in order.

use crate::app::{App, Parts};
use crate::auth::Tokens;
use crate::config::Config;
use crate::jobs::Jobs;
use crate::objects::Objects;
use crate::postgres::{Cluster, ClusterConfig};
use crate::relay::Relay;
use crate::store::{AppAccess, Connections, Database, Store};
use crate::{demo, local, ops, router};
use anyhow::{Context, bail};
use axum::serve::ListenerExt;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The private cluster's database.
const DATABASE: &str = "visionflow";
/// Requests that are under way at a shutdown get so long to end.
const DRAIN: Duration = Duration::from_secs(10);
const TIDY_EVERY: Duration = Duration::from_hours(1);

/// A server that listens.
pub struct Server {
    app: App,
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
    tidying: JoinHandle<()>,
}

impl Server {
    /// Listens, and starts on a database that exists.
    pub async fn start(config: Config, database: &Database) -> anyhow::Result<Self> {
        Self::start_on(listen(&config).await?, config, database).await
    }

    async fn start_on(
        listener: TcpListener,
        mut config: Config,
        database: &Database,
    ) -> anyhow::Result<Self> {
        let address = listener.local_addr()?;
        local::check(&config, address)?;
        config.listen = address;
        let app = open(config, database).await?;
        if !app.config().no_workers {
            app.jobs().start(app.clone()).await?;
        }
        app.relay().start(app.config().nats_url.as_deref())?;
        let stop = CancellationToken::new();
        let service = router::all(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stop.clone().cancelled_owned();
        // Small frames of the live documents go out at once (TCP would hold them for up to 40 ms).
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection without TCP_NODELAY");
            }
        });
        let serving = axum::serve(listener, service).with_graceful_shutdown(stopped);
        let serving = tokio::spawn(serving.into_future());
        let tidying = tokio::spawn(tidy(app.clone()));
        Ok(Self {
            app,
            address,
            stop,
            serving,
            tidying,
        })
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops in order: no new requests, sockets told to come back later, jobs at a safe point, then
    /// what they all stand on.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.tidying.abort();
        self.app.relay().shutdown().await;
        if tokio::time::timeout(DRAIN, self.serving).await.is_err() {
            tracing::warn!("some requests did not end in time");
        }
        self.app.jobs().shutdown().await;
        self.app.objects().shutdown().await;
        let closed = tokio::time::timeout(DRAIN, self.app.store().close()).await;
        if closed.is_err() {
            tracing::warn!("some database connections did not close in time");
        }
    }
}

/// What requests and jobs stand on.
pub(crate) async fn open(config: Config, database: &Database) -> anyhow::Result<App> {
    tokio::spawn(ops::Metrics::installed().keep_small());
    let store = Store::new(Connections::open(database).await?);
    let tokens = Tokens::start(&config, &store).await?;
    let objects = Objects::start(&config).await?;
    let relay = Relay::new(store.clone(), config.keep_snapshots, config.room_rest());
    let jobs = Jobs::new(store.clone());
    let local = local::account(&config, &store).await?;
    Ok(App::new(Parts {
        config,
        store,
        tokens,
        objects,
        relay,
        jobs,
        local,
    }))
}

/// Serves until SIGINT or SIGTERM, with a private cluster where no database is configured.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("making the data directory {}", config.data_dir.display()))?;
    // First, so that a port that is taken is told before anything is started or changed.
    let listener = listen(&config).await?;
    let (database, cluster) = database(&config).await?;
    let server = Server::start_on(listener, config, &database).await?;
    demo::seed(server.app()).await.context("making the demo")?;
    let url = server.app().config().public_url();
    tracing::info!(address = %server.address(), %url, "ready");
    let cluster_ended = async {
        match &cluster {
            Some(cluster) => cluster.ended().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        // Nothing can be saved any more, and everything acknowledged is: the sooner the next start.
        status = cluster_ended => bail!(
            "The private Postgres cluster ended by itself ({status}); its log is postgres.log in the data directory."
        ),
    }
    tracing::info!("shutting down");
    tokio::select! {
        () = server.shutdown() => {}
        // Asked twice: at once. Committed data is safe.
        _ = interrupt.recv() => tracing::warn!("interrupted again; not waiting any longer"),
    }
    if let Some(cluster) = cluster {
        cluster.stop().await;
    }
    Ok(())
}

async fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    TcpListener::bind(config.listen).await.with_context(|| {
        format!(
            "cannot listen on {}; choose another address with --listen",
            config.listen
        )
    })
}

/// The database of a server that runs already, for commands beside it.
pub fn running_database(config: &Config) -> anyhow::Result<Database> {
    if let Some(url) = &config.database_url {
        return external(url);
    }
    let (options, secret) = Cluster::running(&config.data_dir)?;
    Ok(Database {
        owner: options.database(DATABASE),
        secret,
        app: None,
    })
}

fn external(url: &str) -> anyhow::Result<Database> {
    Ok(Database {
        owner: url.parse().context("reading DATABASE_URL")?,
        // Without a password in the URL (a socket's peer authentication) the whole of it has to do.
        secret: password_of(url).unwrap_or_else(|| url.to_owned()),
        app: None,
    })
}

async fn database(config: &Config) -> anyhow::Result<(Database, Option<Cluster>)> {
    let app = config
        .app_database_url
        .as_deref()
        .map(app_access)
        .transpose()?;
    if let Some(url) = &config.database_url {
        return Ok((
            Database {
                app,
                ..external(url)?
            },
            None,
        ));
    }
    let cluster = Cluster::start(&ClusterConfig {
        data_dir: config.data_dir.clone(),
        bin_dir: config.postgres_bin_dir.clone(),
        throwaway: false,
    })
    .await?;
    cluster.ensure_database(DATABASE).await?;
    let database = Database {
        owner: cluster.options(DATABASE),
        secret: cluster.password().to_owned(),
        app,
    };
    Ok((database, Some(cluster)))
}

fn app_access(url: &str) -> anyhow::Result<AppAccess> {
    Ok(AppAccess {
        options: url.parse().context("reading --app-database-url")?,
        password: password_of(url),
    })
}

fn password_of(url: &str) -> Option<String> {
    let authority = url.split_once("://")?.1.split(['/', '?']).next()?;
    let (_, password) = authority.rsplit_once('@')?.0.split_once(':')?;
    let password = percent_decoded(password)?;
    Some(password).filter(|password| !password.is_empty())
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

async fn tidy(app: App) {
    loop {
        if let Err(error) = app.store().tidy().await {
            tracing::warn!(error = format!("{error:?}"), "tidying the database failed");
        }
        tokio::time::sleep(TIDY_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::password_of;

    #[test]
    fn a_url_gives_its_password() {
        let check = |url: &str, expected: Option<&str>| {
            assert_eq!(password_of(url).as_deref(), expected, "{url}");
        };
        check("postgres://user:secret@host:5432/db", Some("secret"));
        check("postgres://user:a%40b%2Fc@host/db", Some("a@b/c"));
        check("postgres://user@host/db", None);
        check("postgres:///db?host=/run/postgresql", None);
        check("postgres://user:@host/db", None);
    }
}
