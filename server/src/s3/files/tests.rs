//! Listings page by page against the sorted whole.

use super::*;

const KEYS: [&str; 14] = [
    "a", "a-b", "a.b", "a/", "a/b", "a/b/c", "a/b/d", "a0", "ab/c", "b/x!", "b/x/y", "b/x0", "B/x",
    "ö/1",
];

async fn store(dir: &Path) -> Files {
    let files = Files::open(dir).await.unwrap();
    files.create_bucket("bucket").await.unwrap();
    let long = "z".repeat(300);
    let long = [long.clone() + "/1", long.clone() + "0", long];
    for key in KEYS.map(str::to_owned).iter().chain(&long) {
        let mut incoming = files.incoming().await.unwrap();
        incoming.write(key.as_bytes()).await.unwrap();
        let meta = Meta {
            size: 0,
            etag: String::new(),
            content_type: None,
            content_disposition: None,
            cache_control: None,
            user: BTreeMap::new(),
            modified: OffsetDateTime::UNIX_EPOCH,
        };
        files.commit("bucket", key, incoming, meta).await.unwrap();
    }
    files
}

/// All pages of `limit` names, one after the other.
async fn names(files: &Files, prefix: &str, delimiter: Option<&str>, limit: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    loop {
        let query = ListQuery {
            prefix: prefix.to_owned(),
            delimiter: delimiter.map(str::to_owned),
            after: names.last().cloned().unwrap_or_default(),
            limit,
        };
        let page = files.list("bucket", query).await.unwrap();
        assert!(page.entries.len() <= limit);
        names.extend(page.entries.into_iter().map(|(name, _)| name));
        if !page.truncated {
            return names;
        }
    }
}

#[tokio::test]
async fn pages_together_are_the_sorted_whole() {
    let dir = tempfile::TempDir::new().unwrap();
    let files = store(dir.path()).await;
    let whole = names(&files, "", None, 1000).await;
    assert_eq!(whole.len(), KEYS.len() + 3);
    assert!(whole.is_sorted());
    for limit in 1..6 {
        assert_eq!(names(&files, "", None, limit).await, whole);
    }
    for prefix in ["a", "a/", "a/b", "b/x", "z", "zz", "nothing", "ö"] {
        let expected: Vec<_> = whole.iter().filter(|key| key.starts_with(prefix)).collect();
        for limit in [1, 2, 1000] {
            let found = names(&files, prefix, None, limit).await;
            assert_eq!(
                found.iter().collect::<Vec<_>>(),
                expected,
                "{prefix} by {limit}"
            );
        }
    }
    assert_eq!(
        names(&files, "a", Some("/"), 2).await,
        ["a", "a-b", "a.b", "a/", "a0", "ab/"]
    );
    assert_eq!(
        names(&files, "a/b/", Some("/"), 1).await,
        ["a/b/c", "a/b/d"]
    );
}

#[tokio::test]
async fn what_is_deleted_leaves_no_folder() {
    let dir = tempfile::TempDir::new().unwrap();
    let files = store(dir.path()).await;
    for name in names(&files, "", None, 1000).await {
        files.delete("bucket", &name).await.unwrap();
    }
    let left = fs::read_dir(dir.path().join("bucket")).unwrap().count();
    assert_eq!(left, 0);
}
