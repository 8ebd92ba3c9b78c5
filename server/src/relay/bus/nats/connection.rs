//! A connection to a NATS server that has taken us in, over TLS where it or the address asks for it.

use super::address::Server;
use super::{SUBJECT, tls};
use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader,
};
use tokio::net::TcpStream;

const LONGEST_LINE: u64 = 64 << 10;

pub(super) type Reader = Box<dyn AsyncBufRead + Send + Unpin>;
pub(super) type Writer = Box<dyn AsyncWrite + Send + Unpin>;

pub(super) struct Connection {
    pub reader: Reader,
    pub writer: Writer,
}

pub(super) async fn connect(server: &Server) -> anyhow::Result<Connection> {
    let mut connection = open(server).await?;
    let greeting = format!("CONNECT {}\r\nSUB {SUBJECT} 1\r\nPING\r\n", options(server));
    send(&mut connection.writer, greeting.as_bytes()).await?;
    loop {
        let line = line(&mut connection.reader).await?;
        match line.as_str() {
            "PONG" => return Ok(connection),
            refusal if refusal.starts_with("-ERR") => bail!("{refusal}"),
            _ => {}
        }
    }
}

/// Until we may speak.
async fn open(server: &Server) -> anyhow::Result<Connection> {
    let stream = TcpStream::connect((server.host.as_str(), server.port)).await?;
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let info = line(&mut reader).await?;
    let info = info.strip_prefix("INFO ").context("it is no NATS server")?;
    let info: Value = serde_json::from_str(info).context("reading INFO")?;
    let (required, available) = (&info["tls_required"], &info["tls_available"]);
    if !server.tls_only && *required != true {
        return Ok(Connection {
            reader: Box::new(reader),
            writer: Box::new(writer),
        });
    }
    ensure!(
        *required == true || *available == true,
        "the address begins with tls://, and it does not offer TLS"
    );
    // Or somebody on the way would be heard as if what they say had come over TLS.
    ensure!(
        reader.buffer().is_empty(),
        "it goes on in plain text where TLS has to begin"
    );
    let stream = reader.into_inner().reunite(writer)?;
    let stream = tls::begin(stream, &server.host).await.context("TLS")?;
    let (reader, writer) = tokio::io::split(stream);
    Ok(Connection {
        reader: Box::new(BufReader::new(reader)),
        writer: Box::new(writer),
    })
}

fn options(server: &Server) -> Value {
    let mut options = json!({
        "verbose": false, "pedantic": false, "echo": false, "protocol": 1,
        "lang": "rust", "version": env!("CARGO_PKG_VERSION"), "name": "visionflow",
    });
    match (&server.user, &server.password) {
        (Some(user), Some(password)) => {
            options["user"] = json!(user);
            options["pass"] = json!(password);
        }
        (Some(token), None) => options["auth_token"] = json!(token),
        _ => {}
    }
    options
}

/// A line without its end.
pub(super) async fn line(reader: &mut (impl AsyncBufRead + Unpin)) -> anyhow::Result<String> {
    let mut line = String::new();
    let read = reader.take(LONGEST_LINE).read_line(&mut line).await?;
    ensure!(read > 0, "it hung up");
    ensure!(line.ends_with('\n'), "a line without an end");
    line.truncate(line.trim_end().len());
    Ok(line)
}

/// Not only as far as into the buffer of TLS.
pub(super) async fn send(writer: &mut Writer, bytes: &[u8]) -> std::io::Result<()> {
    writer.write_all(bytes).await?;
    writer.flush().await
}

#[cfg(test)]
mod tests {
    use super::super::Address;
    use super::*;
    use tokio::net::TcpListener;

    /// Why a server that begins with `said` is not spoken to at all.
    async fn check_silence(scheme: &str, said: &str, expected: &str) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(said.as_bytes()).await.unwrap();
            let mut heard = Vec::new();
            stream.read_to_end(&mut heard).await.unwrap();
            heard
        };
        let address = Address::parse(&format!("{scheme}://s3cret@127.0.0.1:{port}")).unwrap();
        let (connection, heard) = tokio::join!(connect(&address.0[0]), heard);
        let error = connection.err().expect("no connection");
        assert_eq!(error.to_string(), expected);
        assert_eq!(String::from_utf8_lossy(&heard), "");
    }

    #[tokio::test]
    async fn nothing_is_said_in_plain_text_where_tls_is_asked_for() {
        let not_offered = "the address begins with tls://, and it does not offer TLS";
        check_silence("tls", "INFO {}\r\n", not_offered).await;
        let info = "INFO {\"tls_required\":false,\"tls_available\":false}\r\n";
        check_silence("tls", info, not_offered).await;
        for (scheme, key) in [
            ("tls", "available"),
            ("tls", "required"),
            ("nats", "required"),
        ] {
            let said = format!("INFO {{\"tls_{key}\":true}}\r\nPING\r\n");
            let injected = "it goes on in plain text where TLS has to begin";
            check_silence(scheme, &said, injected).await;
        }
    }
}
