//! Origins behind an edge product (Anti-DDoS, WAF): can they be reached around it?
//!
//! An origin address is followed to its owner in the account: an elastic IP bound to an ECS instance, a network
//! interface or a load balancer; the public address of an ECS instance; the address of a load balancer. An instance
//! answers by the rules of its security groups together, a load balancer by the access lists of its listeners.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::draft::{Draft, text};
use super::{Rules, aliyun, openings};
use crate::eval::Eval;
use crate::functions::cidr::entries;
use crate::net::ip::{self, IpSet};
use crate::net::ports::PortSet;
use crate::related::Lookup;
use crate::value::Val;

const EIP: &str = "aliyun/eip/address";
const INSTANCE: &str = "aliyun/ecs/instance";
const INTERFACE: &str = "aliyun/ecs/network_interface";
const GROUP: &str = "aliyun/ecs/security_group";
const BALANCER: &str = "aliyun/slb/load_balancer";
const ACL: &str = "aliyun/slb/acl";

const WAYS: [(&str, &str); 8] = [
    (EIP, "facts.list.IpAddress"),
    (INSTANCE, "facts.list.PublicIpAddress.IpAddress"),
    (BALANCER, "facts.list.Address"),
    (INSTANCE, "id"),
    (INTERFACE, "id"),
    (GROUP, "id"),
    (BALANCER, "id"),
    (ACL, "id"),
];

pub(in crate::functions) fn lookups() -> Vec<Lookup> {
    let own = WAYS
        .iter()
        .filter_map(|(asset_type, path)| super::super::lookup(asset_type, path));
    own.chain(aliyun::lookups()).collect()
}

/// The ways by which an origin is open beyond what the edge product needs.
struct Question<'q, 'a> {
    ports: &'q PortSet,
    allowed: &'q IpSet,
    eval: &'q Eval<'a>,
}

type Ways<'a> = Result<Vec<String>, Val<'a>>;

pub(in crate::functions) fn exposure<'a>(
    address: Val<'a>,
    ports: Val<'a>,
    allowed: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    let Val::Str(address) = address else {
        return eval.mismatch("aliyun.originExposure", address.type_name());
    };
    let ports = match super::super::ports::read(ports, eval) {
        Ok(ports) => ports,
        Err(unknown) => return unknown,
    };
    let allowed = entries(allowed, eval);
    if let Some(why) = allowed.missing {
        return Val::Unknown(why);
    }
    let question = Question {
        ports: &ports,
        allowed: &allowed.set(),
        eval,
    };
    match question.owner(address) {
        Ok(ways) => eval.list(ways.into_iter().map(|way| Val::Str(eval.text(&way)))),
        Err(unknown) => unknown,
    }
}

impl<'a> Question<'_, 'a> {
    fn owner(&self, address: &str) -> Ways<'a> {
        if address.parse::<std::net::IpAddr>().is_err() {
            let about = format!("origin {address} is a domain name");
            return Err(Val::Unknown(self.eval.why(ReasonKind::OutOfScope, &about)));
        }
        let mut gap = None;
        for (asset_type, path) in WAYS.iter().take(3) {
            let (assets, incomplete) = self.find(asset_type, path, address);
            gap = gap.or(incomplete);
            match assets.as_slice() {
                [] => {}
                [asset] => return self.reach(asset_type, asset),
                _ => {
                    let about = format!("origin {address} belongs to several assets");
                    return Err(Val::Unknown(self.eval.why(ReasonKind::BadResponse, &about)));
                }
            }
        }
        let about = format!("origin {address} belongs to nothing in the account");
        Err(Val::Unknown(gap.unwrap_or_else(|| {
            self.eval.why(ReasonKind::OutOfScope, &about)
        })))
    }

    fn find(
        &self,
        asset_type: &str,
        path: &str,
        key: &str,
    ) -> (Vec<&'a Value>, Option<crate::value::Why<'a>>) {
        match super::super::lookup(asset_type, path) {
            Some(lookup) => self.eval.find(&lookup, Some(key), true),
            None => (Vec::new(), None),
        }
    }

    fn reach(&self, asset_type: &str, asset: &'a Value) -> Ways<'a> {
        match asset_type {
            EIP => self.elastic(asset),
            BALANCER => self.balancer(asset),
            _ => self.instance(asset),
        }
    }

    /// What an elastic IP is bound to.
    fn elastic(&self, asset: &'a Value) -> Ways<'a> {
        let item = Draft::new(self.object(asset, "list")?, self.eval);
        let id = item.text("InstanceId").map_err(Val::Unknown)?;
        let kind = item.text("InstanceType").map_err(Val::Unknown)?;
        let (Some(id), Some(kind)) = (id, kind) else {
            // Bound to nothing, where both say so.
            return match id.or(kind) {
                None => Ok(Vec::new()),
                Some(_) => Err(Val::Unknown(item.absent("InstanceType and InstanceId"))),
            };
        };
        let target = match kind {
            "EcsInstance" => INSTANCE,
            "NetworkInterface" => INTERFACE,
            "SlbInstance" => BALANCER,
            other => {
                let about = format!("an elastic IP bound to {other}");
                return Err(Val::Unknown(self.eval.why(ReasonKind::OutOfScope, &about)));
            }
        };
        self.reach(target, self.one(target, id)?)
    }

    /// The asset of that id.
    fn one(&self, asset_type: &str, id: &str) -> Result<&'a Value, Val<'a>> {
        let (assets, gap) = self.find(asset_type, "id", id);
        assets.first().copied().ok_or_else(|| {
            let about = format!("{asset_type} {id}");
            Val::Unknown(gap.unwrap_or_else(|| self.eval.why(ReasonKind::NotCollected, &about)))
        })
    }

    /// An instance or interface: the rules of its groups together.
    fn instance(&self, asset: &'a Value) -> Ways<'a> {
        let item = self.object(asset, "list")?;
        let absent = || Val::Unknown(self.eval.why(ReasonKind::MissingFact, "SecurityGroupIds"));
        let groups = item.get("SecurityGroupIds").ok_or_else(absent)?;
        let ids = Draft::new(groups, self.eval).texts("SecurityGroupId");
        let ids = ids.map_err(Val::Unknown)?;
        // Every instance is in a group; one that is in none was not read.
        if ids.is_empty() {
            return Err(absent());
        }
        let mut together = Rules::default();
        for id in ids {
            together.join(self.group(id)?);
        }
        let allowed = self.allowed;
        let beyond = |fresh: &IpSet, _: &IpSet| fresh.minus(allowed).has_public();
        let found = openings(&together, self.ports, self.eval, beyond)?;
        let name = asset
            .get("id")
            .and_then(|id| id.as_str())
            .unwrap_or("instance");
        Ok(found
            .iter()
            .map(|opening| format!("{name} {}", opening.show()))
            .collect())
    }

    fn group(&self, id: &str) -> Result<Rules<'a>, Val<'a>> {
        let attribute = self.object(self.one(GROUP, id)?, "attribute")?;
        let list = attribute
            .get("Permissions")
            .and_then(|p| p.get("Permission"));
        match list.map(Val::of) {
            Some(permissions) => aliyun::rules(permissions, self.eval),
            None => Err(self.missing("Permissions.Permission")),
        }
    }

    /// A load balancer: each running listener on the ports needs a white list within what is allowed.
    fn balancer(&self, asset: &'a Value) -> Ways<'a> {
        let listeners = self.object(asset, "listeners")?;
        let Some(Val::Json(items)) = listeners.get("Listeners").map(Val::of) else {
            return Err(self.missing("listeners.Listeners"));
        };
        let name = asset
            .get("id")
            .and_then(|id| id.as_str())
            .unwrap_or("load balancer");
        let mut ways = Vec::new();
        let mut gap = None;
        for item in items.iter().map(Val::of) {
            let way = match item {
                Val::Object(listener) => self.listener(&Draft::new(listener, self.eval)),
                other => Err(self.eval.mismatch("a listener", other.type_name())),
            };
            match way {
                Ok(None) => {}
                Ok(Some(way)) => ways.push(format!("{name} {way}")),
                Err(unknown) => gap = Some(unknown),
            }
        }
        match gap {
            Some(unknown) if ways.is_empty() => Err(unknown),
            _ => Ok(ways),
        }
    }

    /// How a listener lets in more than the edge product, if it does.
    fn listener(&self, listener: &Draft<'_, 'a>) -> Result<Option<String>, Val<'a>> {
        let port = listener.number("ListenerPort").map_err(Val::Unknown)?;
        let port = port.ok_or_else(|| Val::Unknown(listener.absent("ListenerPort")))?;
        let ports =
            PortSet::span(port, port).ok_or_else(|| Val::Unknown(listener.odd("ListenerPort")))?;
        match listener.required("Status").map_err(Val::Unknown)? {
            "running" if ports.intersects(self.ports) => {}
            "running" | "stopped" => return Ok(None),
            // Starting, stopping, configuring: it may run at any time.
            _ if ports.intersects(self.ports) => {}
            _ => return Ok(None),
        }
        let protocol = listener
            .text("ListenerProtocol")
            .ok()
            .flatten()
            .unwrap_or("port");
        let name = format!("{protocol}/{port}");
        match listener.required("AclStatus").map_err(Val::Unknown)? {
            "on" => {}
            "off" => return Ok(Some(format!("{name} has no white list"))),
            _ => return Err(Val::Unknown(listener.odd("AclStatus"))),
        }
        match listener.required("AclType").map_err(Val::Unknown)? {
            "white" => {}
            "black" => return Ok(Some(format!("{name} has no white list"))),
            _ => return Err(Val::Unknown(listener.odd("AclType"))),
        }
        let admitted = self.admitted(listener)?;
        // A white list without entries forwards everything.
        if admitted.is_empty() {
            return Ok(Some(format!("{name} has an empty white list")));
        }
        let beyond = admitted.minus(self.allowed).has_public();
        Ok(beyond.then(|| format!("{name} has white list entries beyond the edge product")))
    }

    /// What the access lists of a listener admit together.
    fn admitted(&self, listener: &Draft<'_, 'a>) -> Result<IpSet, Val<'a>> {
        let mut ids = listener.texts("AclIds").map_err(Val::Unknown)?;
        ids.extend(listener.text("AclId").map_err(Val::Unknown)?);
        if ids.is_empty() {
            return Err(Val::Unknown(listener.absent("AclIds")));
        }
        let sets: Result<Vec<IpSet>, Val<'a>> = ids.into_iter().map(|id| self.acl(id)).collect();
        Ok(IpSet::of_all(&sets?))
    }

    fn acl(&self, id: &str) -> Result<IpSet, Val<'a>> {
        let attribute = self.object(self.one(ACL, id)?, "attribute")?;
        let list = attribute.get("AclEntrys").and_then(|e| e.get("AclEntry"));
        let Some(list) = list.and_then(|list| list.as_array()) else {
            return Err(self.missing("AclEntrys.AclEntry"));
        };
        self.eval.spend(list.len() as u64);
        let odd = || {
            self.eval
                .mismatch("an access list", "an entry that is no address block")
        };
        let mut sets = Vec::new();
        for entry in list {
            let block = text(entry, "AclEntryIP", self.eval).map_err(Val::Unknown)?;
            sets.push(block.and_then(ip::parse).ok_or_else(odd)?);
        }
        Ok(IpSet::of_all(&sets))
    }

    fn missing(&self, what: &str) -> Val<'a> {
        Val::Unknown(self.eval.why(ReasonKind::MissingFact, what))
    }

    fn object(&self, asset: &'a Value, call: &str) -> Result<&'a Value, Val<'a>> {
        match self.eval.fact(asset, call) {
            Val::Object(object) => Ok(object),
            Val::Unknown(why) => Err(Val::Unknown(why)),
            _ => Err(self.missing(&format!("facts.{call}"))),
        }
    }
}
