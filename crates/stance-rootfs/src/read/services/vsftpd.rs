//! `vsftpd.conf`.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::Files;
use super::flat::Flat;
use super::setting::{Settings, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &["etc/vsftpd.conf", "etc/vsftpd/*.conf"];

/// What holds without a word, as vsftpd.conf(5) says.
const DEFAULTS: &[(&str, &str)] = &[
    ("allow_writeable_chroot", "no"),
    ("anon_mkdir_write_enable", "no"),
    ("anon_other_write_enable", "no"),
    ("anon_upload_enable", "no"),
    ("anonymous_enable", "yes"),
    ("chroot_local_user", "no"),
    ("force_local_data_ssl", "yes"),
    ("force_local_logins_ssl", "yes"),
    ("ftpd_banner", ""),
    ("idle_session_timeout", "300"),
    ("local_enable", "no"),
    ("no_anon_password", "no"),
    ("pasv_promiscuous", "no"),
    ("ssl_enable", "no"),
    ("ssl_sslv2", "no"),
    ("ssl_sslv3", "no"),
    ("write_enable", "no"),
    ("xferlog_enable", "no"),
];
const SWITCHES: &[&str] = &[
    "allow_writeable_chroot",
    "anon_mkdir_write_enable",
    "anon_other_write_enable",
    "anon_upload_enable",
    "anonymous_enable",
    "chroot_local_user",
    "force_local_data_ssl",
    "force_local_logins_ssl",
    "local_enable",
    "no_anon_password",
    "pasv_promiscuous",
    "ssl_enable",
    "ssl_sslv2",
    "ssl_sslv3",
    "write_enable",
    "xferlog_enable",
];
const FLAT: Flat = Flat {
    separators: &['='],
    secrets: &[],
    switches: SWITCHES,
};

/// Reads every configuration: a server is started for each file.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let mut found = files.glob("/etc/vsftpd/*.conf")?;
    found.extend(files.open("/etc/vsftpd.conf")?);
    if found.is_empty() {
        return Ok(None);
    }
    let mut settings = Settings::default();
    for doc in &found {
        let path = doc.path();
        FLAT.read(doc, &path, &mut settings)?;
        settings.defaults(doc, &path, DEFAULTS)?;
    }
    Ok(Some(object!({ "options": json(settings.list())? })))
}
