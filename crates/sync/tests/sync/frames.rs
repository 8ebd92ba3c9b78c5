//! Bytes to frames and back, and bytes that are none.

use crate::support::*;
use proptest::collection::vec;
use proptest::prelude::*;
use visionflow_document::lib0::ReadError;
use visionflow_sync::{AwarenessUpdate, Frame, FrameError, decode_all};

fn check(frame: &Frame, bytes: &[u8]) {
    assert_eq!(frame.encode(), bytes);
    assert_eq!(
        decode_all(bytes).as_deref(),
        Ok(std::slice::from_ref(frame))
    );
    if !matches!(frame, Frame::Unknown(_)) {
        for end in 1..bytes.len() {
            assert!(decode_all(&bytes[..end]).is_err(), "cut at {end}");
        }
    }
}

#[test]
fn frames_are_those_of_the_public_protocol() {
    check(&Frame::SyncStep1(vec![0]), &[0, 0, 1, 0]);
    check(&Frame::SyncStep2(vec![0, 0]), &[0, 1, 2, 0, 0]);
    check(&Frame::Update(vec![7, 8, 9]), &[0, 2, 3, 7, 8, 9]);
    check(&Frame::AwarenessQuery, &[3]);
    check(&Frame::Auth("no".into()), &[2, 0, 2, b'n', b'o']);
    check(&Frame::Control("{}".into()), &[100, 2, b'{', b'}']);
    check(&Frame::Unknown(300), &[0xac, 2]);
    check(
        &Frame::Awareness(awareness(&[(5, 1, Some("{}")), (6, 2, None)])),
        &[
            1, 13, 2, 5, 1, 2, b'{', b'}', 6, 2, 4, b'n', b'u', b'l', b'l',
        ],
    );
}

/// What yrs' own codec, the one of the reference implementation, writes and reads.
#[test]
fn frames_agree_with_the_reference() {
    use yrs::sync::{Message, MessageReader, SyncMessage};
    use yrs::updates::decoder::DecoderV1;
    use yrs::updates::encoder::Encode;
    let update = Message::Sync(SyncMessage::Update(vec![1, 2, 3]));
    assert_eq!(frame(&update.encode_v1()), Frame::Update(vec![1, 2, 3]));
    let ours = Frame::Awareness(awareness(&[(1 << 40, 77, Some(r#"{"user":{}}"#))])).encode();
    let mut decoder = DecoderV1::from(ours.as_slice());
    let Some(Ok(Message::Awareness(theirs))) = MessageReader::new(&mut decoder).next() else {
        panic!("not read as awareness");
    };
    let entry = &theirs.clients[&yrs::block::ClientID::new(1 << 40)];
    assert_eq!((entry.clock, &*entry.json), (77, r#"{"user":{}}"#));
}

#[test]
fn one_message_may_hold_several_frames() {
    let bytes = [
        Frame::SyncStep1(vec![0]).encode(),
        Frame::Update(vec![1]).encode(),
        Frame::Unknown(9).encode(),
        vec![1, 2, 3],
    ];
    assert_eq!(
        decode_all(&bytes.concat()),
        Ok(vec![
            Frame::SyncStep1(vec![0]),
            Frame::Update(vec![1]),
            Frame::Unknown(9)
        ])
    );
    assert_eq!(decode_all(&[]), Ok(vec![]));
}

#[test]
fn hostile_frames_are_errors() {
    let end = |at| Err(FrameError::Malformed(ReadError::End(at)));
    assert_eq!(decode_all(&[0, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 1]), end(8));
    assert_eq!(decode_all(&[0, 7, 0]), Err(FrameError::SyncKind(7)));
    assert_eq!(decode_all(&[2, 7]), Err(FrameError::AuthKind(7)));
    assert_eq!(decode_all(&[3; 5000]), Err(FrameError::TooMany));
    assert!(matches!(
        decode_all(&[100, 1, 0xff]),
        Err(FrameError::Malformed(ReadError::Utf8(_)))
    ));
    // A crowd claimed in five bytes.
    assert_eq!(AwarenessUpdate::decode(&[0xff, 0xff, 0xff, 0x7f, 0]), {
        Err(FrameError::Malformed(ReadError::End(5)))
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_never_panics(bytes in vec(any::<u8>(), 0..300)) {
        if let Ok(frames) = decode_all(&bytes) {
            for frame in frames {
                let _ = decode_all(&frame.encode()).unwrap();
            }
        }
    }
}
