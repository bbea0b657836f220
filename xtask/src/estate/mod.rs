//! The example estate: a made-up web shop on several clouds, written as a snapshot.
//!
//! `examples/estate/estate.jsonl` is generated, never edited: the same source gives the same bytes on every machine
//! and day. One file per product group adds its assets ([`Estate::asset`]) and says what it covers
//! ([`Estate::covers`], [`Estate::cover`]). Dates that must hold lie in 2099, expired ones before 2025.

mod addresses;
mod balancers;
mod databases;
mod disks;
mod draft;
mod ecs;
mod edge;
mod fleet;
mod identity;
mod machines;
mod oss;
mod other_clouds;
mod places;
mod platform;
mod posture;
mod registry;
mod rules;
mod security_groups;
mod slb;
mod slb_parts;
mod variety;
mod vpc;
mod waf;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use stance_model::bounded;

pub(crate) use draft::{Draft, Estate, denied, reason, with};
pub(crate) use places::{
    AWS, AZURE, Account, DEV, GLOBAL, HUAWEI, PROD, REGIONS, TENCENT, host_ip, instance_id,
    interface_id, network, security_group_id, vpc_id, vswitch_id, zone,
};
pub(crate) use variety::{ali_id, number, pick, private_ip, token};

/// Where the generated file lies in the repository.
pub(crate) const PATH: &str = "examples/estate/estate.jsonl";

/// The largest file that `--check` reads, bytes.
const LIMIT: u64 = 64 << 20;

/// All records of the estate, header first and end last.
///
/// # Errors
/// What is inconsistent: an id used twice, a type that is none, an asset where coverage says there can be none.
pub(crate) fn generate() -> Result<Vec<Value>> {
    let mut estate = Estate::default();
    ecs::add(&mut estate);
    slb::add(&mut estate);
    vpc::add(&mut estate);
    edge::add(&mut estate);
    databases::add(&mut estate);
    oss::add(&mut estate);
    identity::add(&mut estate);
    registry::add(&mut estate);
    platform::add(&mut estate);
    other_clouds::add(&mut estate);
    posture::add(&mut estate);
    estate.records()
}

/// `cargo xtask estate [--check]`: writes the estate below `root`, or with `check` says whether it is up to date.
///
/// # Errors
/// What [`generate`] reports, the file system's errors, and with `check` a file that differs.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let path = root.join(PATH);
    let text = text()?;
    if check {
        let found = bounded::read_text(&path, LIMIT)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        if found != text {
            bail!("`{PATH}` is out of date: run `cargo xtask estate` and commit the result");
        }
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create `{}`", folder.display()))?;
    }
    fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))
}

/// The records as JSON lines.
fn text() -> Result<String> {
    let mut text = String::new();
    for record in generate()? {
        text.push_str(&serde_json::to_string(&record)?);
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estate_is_consistent_and_the_same_every_time() {
        assert_eq!(text().unwrap(), text().unwrap());
    }

    #[test]
    fn the_committed_estate_is_up_to_date() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        run(&root, true).unwrap();
    }
}
