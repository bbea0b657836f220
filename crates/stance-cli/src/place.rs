//! Where things lie when nobody says so: the XDG data folder.

use std::path::PathBuf;

use anyhow::{Context, anyhow};
use etcetera::BaseStrategy;

/// The folder of Stance's data, which is made if there is none.
pub(crate) fn data_folder() -> anyhow::Result<PathBuf> {
    let base =
        etcetera::choose_base_strategy().context("finding the home folder; give `--db` instead")?;
    let folder = base.data_dir().join("stance");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("making the folder `{}`", folder.display()))?;
    Ok(folder)
}

/// The URL of a database file.
pub(crate) fn sqlite_url(file: &std::path::Path) -> anyhow::Result<String> {
    let text = file
        .to_str()
        .ok_or_else(|| anyhow!("the path `{}` is not text", file.display()))?;
    Ok(format!("sqlite://{text}"))
}

/// The file of the server's key that belongs to a database: beside the file of an embedded one, in the data folder for
/// a server's.
pub(crate) fn key_file(url: &str) -> anyhow::Result<PathBuf> {
    match url.strip_prefix("sqlite://") {
        Some(file) => Ok(PathBuf::from(format!("{file}.key"))),
        None => Ok(data_folder()?.join("server.key")),
    }
}
