//! Layers merged by us and by a model of the rules that is as simple as can be: each layer is unpacked into the folder,
//! after what its whiteouts name was deleted from it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::make::{Image, Tar};
use crate::run::Scan;

/// One entry of a layer.
#[derive(Debug, Clone)]
enum Step {
    File(String),
    Dir(String),
    Hide(String),
    Opaque(String),
}

/// The names of three levels of folders.
fn path() -> impl Strategy<Value = String> {
    proptest::collection::vec(prop_oneof!["a", "b", "c"], 1..4).prop_map(|parts| parts.join("/"))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => path().prop_map(Step::File),
        2 => path().prop_map(Step::Dir),
        2 => path().prop_map(Step::Hide),
        1 => path().prop_map(Step::Opaque),
    ]
}

/// Files (with the layer) and folders (none).
type Model = BTreeMap<String, Option<usize>>;

fn remove(model: &mut Model, path: &str, itself: bool) {
    let below = format!("{path}/");
    model.retain(|known, _| !(known.starts_with(&below) || (itself && known == path)));
}

fn make_parents(model: &mut Model, path: &str) {
    for (at, _) in path.match_indices('/') {
        let dir = &path[..at];
        if model.get(dir) != Some(&None) {
            remove(model, dir, true);
            model.insert(dir.to_owned(), None);
        }
    }
}

fn merge(layers: &[Vec<Step>]) -> Model {
    let mut model = Model::new();
    for (number, layer) in layers.iter().enumerate() {
        for step in layer {
            match step {
                Step::Hide(path) => remove(&mut model, path, true),
                Step::Opaque(path) => remove(&mut model, path, false),
                _ => {}
            }
        }
        for step in layer {
            match step {
                Step::File(path) => {
                    make_parents(&mut model, path);
                    remove(&mut model, path, true);
                    model.insert(path.clone(), Some(number));
                }
                Step::Dir(path) => {
                    make_parents(&mut model, path);
                    if model.get(path) != Some(&None) {
                        remove(&mut model, path, true);
                        model.insert(path.clone(), None);
                    }
                }
                _ => {}
            }
        }
    }
    model
}

fn layer(steps: &[Step]) -> Vec<u8> {
    let hidden = |path: &str| match path.rsplit_once('/') {
        Some((dir, name)) => format!("{dir}/.wh.{name}"),
        None => format!(".wh.{path}"),
    };
    let tar = steps.iter().fold(Tar::default(), |tar, step| match step {
        Step::File(path) => tar.file_with(path, "x", 0o4755),
        Step::Dir(path) => tar.dir(path),
        Step::Hide(path) => tar.file(&hidden(path), ""),
        Step::Opaque(path) => tar.file(&format!("{path}/.wh..wh..opq"), ""),
    });
    tar.end()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn layers_merge_as_the_rules_say(layers in proptest::collection::vec(proptest::collection::vec(step(), 0..9), 1..5)) {
        let tars: Vec<Vec<u8>> = layers.iter().map(|steps| layer(steps)).collect();
        let image = Image::of(&tars);
        let found = Scan::default().image(&image).set_id();
        let wanted: BTreeMap<String, String> = merge(&layers)
            .into_iter()
            .filter_map(|(path, number)| Some((format!("/{path}"), image.digest_of(number?).to_owned())))
            .collect();
        // Equal layers have equal digests: which of them a file is of does not show.
        prop_assert_eq!(found, wanted);
    }
}
