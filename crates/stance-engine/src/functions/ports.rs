//! Functions over sets of ports.

use crate::eval::Eval;
use crate::net::ports::PortSet;
use crate::value::Val;

/// Reads an int, a text or a list of them.
pub(super) fn read<'a>(value: Val<'a>, eval: &Eval<'a>) -> Result<PortSet, Val<'a>> {
    let bad = || eval.mismatch("ports", "a value that is no port or range");
    match value {
        Val::Int(port) => PortSet::span(port, port).ok_or_else(bad),
        Val::Str(text) => PortSet::parse(text).ok_or_else(bad),
        Val::List(list) => {
            if let Some(why) = list.incomplete {
                return Err(Val::Unknown(why));
            }
            eval.spend(list.items.len() as u64);
            let mut set = PortSet::default();
            for item in list.items.iter() {
                match item {
                    Val::Int(_) | Val::Str(_) => set = set.union(&read(item, eval)?),
                    Val::Unknown(_) => return Err(item),
                    _ => return Err(bad()),
                }
            }
            Ok(set)
        }
        Val::Unknown(_) => Err(value),
        other => Err(eval.mismatch("ports", other.type_name())),
    }
}

pub(super) fn compare<'a>(
    a: Val<'a>,
    b: Val<'a>,
    eval: &Eval<'a>,
    holds: impl Fn(&PortSet, &PortSet) -> bool,
) -> Val<'a> {
    match (read(a, eval), read(b, eval)) {
        (Ok(a), Ok(b)) => Val::Bool(holds(&a, &b)),
        (Err(unknown), _) | (_, Err(unknown)) => unknown,
    }
}
