//! The cases of `tests/cases`: one file a topic, one test a file. Adding a case needs no Rust.

use crate::suite;

macro_rules! topics {
    ($($topic:ident),* $(,)?) => {
        $(
            #[test]
            fn $topic() {
                suite::run(stringify!($topic));
            }
        )*

        const TOPICS: &[&str] = &[$(stringify!($topic)),*];
    };
}

topics! {
    access,
    access_aliyun,
    access_aws,
    access_azure,
    access_huawei,
    access_tencent,
    addresses,
    comparison,
    conversion,
    errors,
    evidence,
    lists,
    literals,
    logic,
    macros,
    missing,
    numbers,
    origin,
    policy,
    ports,
    precedence,
    related,
    text,
    time,
    truth,
}

#[test]
fn every_file_is_a_topic() {
    let mut files = suite::files();
    files.sort();
    assert_eq!(files, TOPICS);
}
