//! `snmpd.conf`: communities and who may use them.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{self, Doc, Files, over};
use super::format::{properties, words};
use super::{mask, net};
use crate::root::{Place, Root};

/// The files that it needs.
pub(super) const WANTS: &[&str] = &["etc/snmp/**"];

/// How many communities are kept.
const MAX_COMMUNITIES: usize = 500;
/// Communities that everyone tries.
const KNOWN: &[&str] = &[
    "public",
    "private",
    "community",
    "snmp",
    "admin",
    "cisco",
    "manager",
    "default",
];

/// Reads the configuration.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let Some(main) = files.open("/etc/snmp/snmpd.conf")? else {
        return Ok(None);
    };
    let mut reader = Reader {
        files,
        communities: Vec::new(),
        addresses: Vec::new(),
    };
    reader.file(&main, 0)?;
    let addresses = reader.addresses.iter().map(|address| plain(address));
    let exposed = net::exposed(addresses, true);
    Ok(Some(
        object!({ "exposed": exposed, "communities": reader.communities }),
    ))
}

struct Reader<'r> {
    files: Files<'r>,
    communities: Vec<Value>,
    addresses: Vec<String>,
}

impl Reader<'_> {
    fn file(&mut self, doc: &Doc<'_>, depth: usize) -> Result<(), Reason> {
        for entry in properties::entries(&doc.text, &[]) {
            let args = words::split(entry.rest);
            let word = |index: usize| args.get(index).map(String::as_str).unwrap_or_default();
            let name = entry.name.to_ascii_lowercase();
            match name.as_str() {
                "agentaddress" => self
                    .addresses
                    .extend(args.join(",").split(',').map(str::to_owned)),
                "rocommunity" | "rwcommunity" | "rocommunity6" | "rwcommunity6" => {
                    let place =
                        doc.at(entry.line, format!("{name} {} {}", shown(word(0)), word(1)));
                    self.community(word(0), word(1), name.starts_with("rw"), &place)?;
                }
                "com2sec" | "com2sec6" => {
                    let at = if word(0) == "-Cn" { 2 } else { 0 };
                    let (source, community) = (word(at + 1), word(at + 2));
                    let place = doc.at(entry.line, format!("{name} {source} {}", shown(community)));
                    self.community(community, source, false, &place)?;
                }
                "includedir" | "includefile" | "include" => {
                    self.include(&name, word(0), depth)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn include(&mut self, how: &str, path: &str, depth: usize) -> Result<(), Reason> {
        let depth = files::deeper(depth)?;
        let path = files::below("/etc/snmp", path);
        let found = match how {
            "includedir" => self.files.folder(&path, ".conf")?,
            _ => self.files.open(&path)?.into_iter().collect(),
        };
        found.iter().try_for_each(|doc| self.file(doc, depth))
    }

    fn community(
        &mut self,
        name: &str,
        source: &str,
        write: bool,
        place: &Place,
    ) -> Result<(), Reason> {
        if self.communities.len() >= MAX_COMMUNITIES {
            return Err(over(format!("more than {MAX_COMMUNITIES} communities")));
        }
        let known = KNOWN.contains(&name.to_ascii_lowercase().as_str());
        self.communities.push(object!({
            "known": known,
            "write": write,
            "any": matches!(source, "" | "default" | "0.0.0.0/0" | "::/0"),
            "at": place,
        }));
        Ok(())
    }
}

/// A community as people see it: the known ones are no secret.
fn shown(name: &str) -> &str {
    if KNOWN.contains(&name.to_ascii_lowercase().as_str()) {
        name
    } else {
        mask::MASK
    }
}

/// The address of `udp:127.0.0.1:161`.
fn plain(address: &str) -> &str {
    let address = address.trim();
    let kinds = ["udp:", "udp6:", "tcp:", "tcp6:", "dtlsudp:", "tlstcp:"];
    let rest = kinds
        .iter()
        .find_map(|kind| address.strip_prefix(kind))
        .unwrap_or(address);
    // A bare port is one on every address.
    if rest.chars().all(|c| c.is_ascii_digit()) {
        "0.0.0.0"
    } else {
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_agents() {
        for (text, wanted) in [
            ("udp:127.0.0.1:161", true),
            ("127.0.0.1", true),
            ("[::1]", true),
            ("udp:161", false),
            ("161", false),
            ("udp6:[::]:161", false),
        ] {
            assert_eq!(net::is_loopback(plain(text)), wanted, "{text}");
        }
    }
}
