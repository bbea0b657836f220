//! What holds for the server and its virtual hosts: the last setting, else the default.

use std::collections::BTreeMap;

use crate::read::services::files::Doc;
use crate::read::services::setting::Setting;

/// The directives that hold everywhere unless a virtual host sets its own, with their defaults.
const SERVER: &[(&str, &str)] = &[
    ("keepalivetimeout", "5"),
    ("limitrequestbody", "1073741824"),
    ("loglevel", "warn"),
    ("serversignature", "Off"),
    ("servertokens", "Full"),
    ("timeout", "60"),
    ("traceenable", "on"),
];
/// The same for TLS, where it is in use.
const TLS: &[(&str, &str)] = &[
    ("sslciphersuite", "DEFAULT"),
    ("sslcompression", "off"),
    ("sslprotocol", "all -SSLv3"),
];
/// What `all` stands for, with an OpenSSL that has no SSLv3 any more.
const ALL: &[&str] = &["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// A setting with its value understood.
pub(super) fn read(mut setting: Setting) -> Setting {
    if setting.name == "sslprotocol" {
        setting.args = protocols(&setting.args);
    }
    setting
}

/// Whether a setting turns TLS on, or says how it is to be spoken.
pub(super) fn is_tls(setting: &Setting) -> bool {
    let on = setting.name == "sslengine" && setting.value.eq_ignore_ascii_case("on");
    on || setting.name == "sslprotocol"
}

/// What holds somewhere: the server's setting or the default, and those of virtual hosts.
pub(super) fn effective(main: &Doc<'_>, settings: &[Setting]) -> Vec<Setting> {
    let tls: &[(&str, &str)] = if settings.iter().any(is_tls) {
        TLS
    } else {
        &[]
    };
    let names: BTreeMap<&str, &str> = SERVER.iter().chain(tls).copied().collect();
    let mut found: BTreeMap<(String, String), Setting> = BTreeMap::new();
    for (name, value) in &names {
        let default = read(Setting::by_default(main, name, value, ""));
        found.insert((String::new(), (*name).to_owned()), default);
    }
    for setting in settings {
        if names.contains_key(setting.name.as_str()) {
            let key = (setting.context.clone(), setting.name.clone());
            found.insert(key, setting.clone());
        }
    }
    found.into_values().collect()
}

/// The protocols that are left: a bare name replaces what came before, `+` adds, `-` takes away.
fn protocols(args: &[String]) -> Vec<String> {
    let mut left: Vec<String> = Vec::new();
    for arg in args.iter().take(32) {
        let name = arg.trim_start_matches(['+', '-']);
        let named: Vec<String> = if name.eq_ignore_ascii_case("all") {
            ALL.iter().map(|name| (*name).to_owned()).collect()
        } else {
            vec![name.to_owned()]
        };
        let same = |a: &String| named.iter().any(|b| a.eq_ignore_ascii_case(b));
        left.retain(|protocol| !same(protocol));
        if !arg.starts_with('-') {
            left.extend(named);
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::protocols;

    #[test]
    fn protocols_are_worked_out() {
        for (text, wanted) in [
            ("all -SSLv3", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"),
            ("all -SSLv3 -TLSv1 -TLSv1.1", "TLSv1.2 TLSv1.3"),
            ("-all +TLSv1.2", "TLSv1.2"),
            ("TLSv1.2", "TLSv1.2"),
        ] {
            let args: Vec<String> = text.split(' ').map(str::to_owned).collect();
            assert_eq!(protocols(&args).join(" "), wanted);
        }
    }
}
