//! Functions over sets of ports.

use std::borrow::Cow;

use crate::eval::Eval;
use crate::net::ports::PortSet;
use crate::value::Val;

/// Reads an int, a text or a list of them.
pub(super) fn read<'a>(value: Val<'a>, eval: &Eval<'a>) -> Result<Cow<'a, PortSet>, Val<'a>> {
    if let Val::Ports(ports) = value {
        return Ok(Cow::Borrowed(ports));
    }
    let Some(list) = value.as_list() else {
        return one(value, eval).map(Cow::Owned);
    };
    if let Some(why) = list.incomplete {
        return Err(Val::Unknown(why));
    }
    eval.spend(list.items.len() as u64);
    let sets: Result<Vec<PortSet>, Val<'a>> =
        list.items.iter().map(|item| one(item, eval)).collect();
    Ok(Cow::Owned(PortSet::of_all(&sets?)))
}

fn one<'a>(value: Val<'a>, eval: &Eval<'a>) -> Result<PortSet, Val<'a>> {
    let read = match value {
        Val::Int(port) => PortSet::span(port, port),
        Val::Str(text) => {
            eval.spend_reading(text.len());
            PortSet::parse(text)
        }
        Val::Unknown(_) => return Err(value),
        other => return Err(eval.mismatch("ports", other.type_name())),
    };
    read.ok_or_else(|| eval.mismatch("ports", "a value that is no port or range"))
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
