//! What README's first command runs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use crate::place::Place;

#[test]
fn once_prints_the_summary_and_the_worst_findings_in_both_languages() {
    let place = Place::new();
    let english = place.ok(&["quickstart", "--once", "--lang", "en"]);
    assert!(
        english.contains("Not everything could be read"),
        "{english}"
    );
    assert!(
        english.contains("ali.rds.whitelist_open") && english.contains("admits every address"),
        "{english}"
    );
    let chinese = place.ok(&["quickstart", "--once", "--lang", "zh"]);
    assert!(chinese.contains("放行任意来源"), "{chinese}");
}

#[test]
fn it_serves_with_a_key_that_replaces_the_earlier_one_and_ends_when_told() {
    let place = Place::new();
    for _ in 0..2 {
        let mut server = place
            .command(&["quickstart", "--listen", "127.0.0.1:0", "--lang", "en"])
            .env_remove("STANCE_DB")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap())
            .lines()
            .map(Result::unwrap);
        let address = lines
            .find_map(|line| {
                line.split_once("answers on http://")
                    .map(|(_, a)| a.to_owned())
            })
            .unwrap();
        lines
            .find(|line| line.contains("access key secret"))
            .unwrap();
        let mut stream = TcpStream::connect(&address).unwrap();
        stream
            .write_all(
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            )
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 4") && answer.contains("\"Code\""),
            "{answer}"
        );
        let pid = server.id().to_string();
        assert!(
            std::process::Command::new("kill")
                .arg(&pid)
                .status()
                .unwrap()
                .success()
        );
        assert!(server.wait().unwrap().success());
    }
    let db = format!(
        "sqlite://{}",
        place.path("data/stance/quickstart.db").display()
    );
    let keys = place.json(&["key", "list", "--format", "json", "--db", &db]);
    assert_eq!(
        keys.as_array().map(Vec::len),
        Some(1),
        "the key of the first is gone"
    );
}
