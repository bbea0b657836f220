//! Reads a file of cases and runs it; every case that fails is reported, not only the first.

use std::path::PathBuf;

use serde::Deserialize;
use stance_model::bounded;

use crate::case::Case;
use crate::scene::Scene;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    /// What asset types there are, beyond those of `scene.yaml`.
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    /// What the cases have in common.
    note: String,
    #[serde(default)]
    scene: Scene,
    cases: Vec<Case>,
}

/// Runs the cases of a topic.
pub(crate) fn run(topic: &str) {
    let text = read(&format!("{topic}.yaml"));
    let suite: Suite = serde_saphyr::from_str(&text).unwrap_or_else(|e| panic!("{topic}: {e}"));
    let mut wrong = Vec::new();
    for group in suite.groups {
        let built = group.scene.build();
        for case in &group.cases {
            if let Err(what) = case.check(&built) {
                wrong.push(format!("{} / `{}`\n    {what}", group.note, case.cel));
            }
        }
    }
    assert!(wrong.is_empty(), "{topic}:\n{}", wrong.join("\n"));
}

/// The topics that have a file.
pub(crate) fn files() -> Vec<String> {
    std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect()
}

fn read(name: &str) -> String {
    bounded::read_text(&folder().join(name), 1 << 20).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}
