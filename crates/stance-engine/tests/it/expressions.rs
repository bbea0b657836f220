//! Random expressions, most of them well typed, over the facts of one asset type.

use crate::random::Random;

/// The calls of the type that the expressions are about.
pub(crate) const CALLS: &str = r#"{
    "a": {"fields": {"b": "bool", "i": "int", "d": "double", "s": "string", "ss": ["string"], "is": ["int"], "o": "string?",
        "rs": [{"b": "bool", "i": "int", "s": "string", "ss": ["string"], "n": "string?"}], "m": {"*": "string"}, "x": "any"}},
    "b": {"fields": {"b": "bool", "s": "string", "rs": [{"s": "string", "i": "int"}], "x": "any"}},
    "c": {"absent": {"en": "none"}, "fields": {"b": "bool", "i": "int", "s": "string", "ss": ["string"]}}
}"#;

/// The calls of the type that they relate to.
pub(crate) const OTHER_CALLS: &str = r#"{
    "a": {"fields": {"b": "bool", "s": "string", "ss": ["string"]}},
    "b": {"absent": {"en": "none"}, "fields": {"i": "int", "s": "string?"}}
}"#;

pub(crate) const OTHER: &str = "aliyun/test/other";

/// Writes expressions.
pub(crate) struct Writer<'r> {
    random: &'r mut Random,
    /// Variables in reach, by what they are.
    rows: Vec<String>,
    strings: Vec<String>,
    ints: Vec<String>,
    others: Vec<String>,
    depth: usize,
}

impl<'r> Writer<'r> {
    pub(crate) fn new(random: &'r mut Random) -> Self {
        Self {
            random,
            rows: Vec::new(),
            strings: Vec::new(),
            ints: Vec::new(),
            others: Vec::new(),
            depth: 0,
        }
    }

    /// A condition; deeper ones are rarer.
    pub(crate) fn condition(&mut self) -> String {
        self.depth += 1;
        let simple = self.depth > 5 || self.random.one_in(4);
        let text = if simple { self.fact() } else { self.compound() };
        self.depth -= 1;
        text
    }

    fn compound(&mut self) -> String {
        match self.random.below(14) {
            0 | 1 => format!("({} && {})", self.condition(), self.condition()),
            2 | 3 => format!("({} || {})", self.condition(), self.condition()),
            4 => format!("!({})", self.condition()),
            5 => format!(
                "({} ? {} : {})",
                self.condition(),
                self.condition(),
                self.condition()
            ),
            6 | 7 => self.over_rows(),
            8 => self.over_strings(),
            9 => self.over_ints(),
            10 | 11 => self.over_others(),
            12 => {
                let operator = self.pick(&["<", "<=", ">", ">=", "==", "!="]);
                format!("({} {operator} {})", self.int(), self.int())
            }
            _ => {
                let operator = self.pick(&["==", "!=", "<"]);
                format!("({} {operator} {})", self.string(), self.string())
            }
        }
    }

    fn pick(&mut self, of: &[&'static str]) -> &'static str {
        self.random.pick(of)
    }

    fn variable(&mut self) -> String {
        let bound = self.rows.len() + self.strings.len() + self.ints.len() + self.others.len();
        format!("v{bound}")
    }

    /// A quantifier over a range; the closure says which variables are of its kind.
    fn over(&mut self, range: &str, bound: impl Fn(&mut Self) -> &mut Vec<String>) -> String {
        let (variable, quantifier) = (self.variable(), self.pick(&["all", "exists", "exists_one"]));
        bound(self).push(variable.clone());
        let body = self.condition();
        bound(self).pop();
        format!("{range}.{quantifier}({variable}, {body})")
    }

    fn over_rows(&mut self) -> String {
        let range = self.rows();
        self.over(&range, |writer| &mut writer.rows)
    }

    fn over_strings(&mut self) -> String {
        let range = self.strings();
        self.over(&range, |writer| &mut writer.strings)
    }

    fn over_ints(&mut self) -> String {
        self.over("facts.a.is", |writer| &mut writer.ints)
    }

    fn over_others(&mut self) -> String {
        let range = self.others();
        self.over(&range, |writer| &mut writer.others)
    }

    fn others(&mut self) -> String {
        let key = self.string();
        match self.random.below(4) {
            0 => format!("related('{OTHER}', 'id', {key})"),
            1 => format!("related('{OTHER}', 'facts.a.ss', {key})"),
            2 => format!("relatedInAccount('{OTHER}', 'facts.b.s', {key})"),
            _ => format!("relatedAll('{OTHER}')"),
        }
    }

    fn rows(&mut self) -> String {
        let base = self.pick(&["facts.a.rs", "facts.a.rs", "(facts.a.b ? facts.a.rs : [])"]);
        if self.depth >= 5 || !self.random.one_in(3) {
            return base.to_owned();
        }
        let variable = self.variable();
        self.rows.push(variable.clone());
        let body = self.condition();
        self.rows.pop();
        format!("{base}.filter({variable}, {body})")
    }

    fn strings(&mut self) -> String {
        match self.random.below(8) {
            0 => format!("{}.map(r, r.s)", self.rows()),
            1 => {
                let separator = self.pick(&[",", " ", "--"]);
                format!("{}.split('{separator}')", self.string())
            }
            2 => format!("cidr.list({})", self.string()),
            3 => "(facts.a.ss + facts.c.ss)".to_owned(),
            4 => format!("[{}, {}]", self.string(), self.string()),
            5 => "facts.c.ss".to_owned(),
            6 => format!("{}.map(r, r.i > 2, r.s)", self.rows()),
            _ => "facts.a.ss".to_owned(),
        }
    }

    fn fact(&mut self) -> String {
        match self.random.below(16) {
            0 => {
                let facts = [
                    "facts.a.b",
                    "facts.b.b",
                    "facts.c.b",
                    "true",
                    "false",
                    "facts.a.x",
                    "facts.b.x",
                ];
                self.pick(&facts).to_owned()
            }
            1 => {
                let fields = [
                    "facts.a.o",
                    "facts.c",
                    "facts.c.s",
                    "facts.a.m.k",
                    "facts.b.x.y",
                    "asset.zone",
                ];
                format!("has({})", self.pick(&fields))
            }
            2 => format!("{} in {}", self.string(), self.strings()),
            3 => {
                let test = self.pick(&["startsWith", "endsWith", "contains"]);
                format!("{}.{test}({})", self.string(), self.string())
            }
            4 => {
                let pattern = self.pick(&["^a", "[0-9]+", "b?c$", "."]);
                format!("{}.matches('{pattern}')", self.string())
            }
            5 => format!("cidr.coversAll({})", self.either()),
            6 => format!("cidr.within({}, {})", self.either(), self.either()),
            7 => format!("cidr.overlaps({}, {})", self.either(), self.either()),
            8 => {
                let ports = self.pick(&["'20-23'", "[22, 80]", "facts.a.is", "facts.a.s"]);
                format!("ports.intersects({}, {ports})", self.int())
            }
            9 => {
                let operator = self.pick(&["==", ">", "<"]);
                format!("size({}) {operator} {}", self.strings(), self.int())
            }
            10 => format!("size({}) == {}", self.rows(), self.int()),
            11 => format!("timestamp({}) < now", self.string()),
            12 => {
                let operator = self.pick(&["==", "!="]);
                let value = self.pick(&["facts.a.o", "facts.c", "facts.a.x", "facts.a.m['k']"]);
                format!("{value} {operator} null")
            }
            13 => format!("{} == {}", self.strings(), self.strings()),
            14 => format!("size({}) > 0", self.others()),
            _ => self.of_variable(),
        }
    }

    fn of_variable(&mut self) -> String {
        let (row, other) = (self.rows.last().cloned(), self.others.last().cloned());
        match (row, other) {
            (Some(row), _) => format!("{row}.b"),
            (None, Some(other)) if self.random.one_in(2) => format!("{other}.facts.a.b"),
            (None, Some(other)) => format!("has({other}.facts.b)"),
            (None, None) => "facts.a.b".to_owned(),
        }
    }

    fn either(&mut self) -> String {
        if self.random.one_in(2) {
            self.string()
        } else {
            self.strings()
        }
    }

    fn string(&mut self) -> String {
        self.depth += 1;
        let text = match self.random.below(if self.depth > 6 { 6 } else { 12 }) {
            0 | 1 => {
                let facts = [
                    "facts.a.s",
                    "facts.b.s",
                    "facts.c.s",
                    "facts.a.o",
                    "asset.id",
                    "facts.a.m.k",
                ];
                self.pick(&facts).to_owned()
            }
            2 | 3 => {
                let texts = [
                    "a",
                    "b",
                    "ab",
                    "",
                    "22",
                    "0.0.0.0/0",
                    "10.0.0.0/8",
                    "o-1",
                    "2020-01-01",
                ];
                format!("'{}'", self.pick(&texts))
            }
            4 => last(&self.strings, "facts.a.s", ""),
            5 => last(&self.rows, "facts.b.s", ".s"),
            6 => format!("({} + {})", self.string(), self.string()),
            7 => {
                let change = self.pick(&["lowerAscii", "upperAscii", "trim"]);
                format!("{}.{change}()", self.string())
            }
            8 => format!("string({})", self.int()),
            9 => format!("{}.join(',')", self.strings()),
            10 => format!("{}[{}]", self.strings(), self.random.below(3)),
            _ => last(&self.others, "facts.a.s", ".facts.b.s"),
        };
        self.depth -= 1;
        text
    }

    fn int(&mut self) -> String {
        self.depth += 1;
        let text = match self.random.below(if self.depth > 6 { 4 } else { 9 }) {
            0 => self
                .pick(&["facts.a.i", "facts.c.i", "facts.a.i"])
                .to_owned(),
            1 => self.random.below(5).to_string(),
            2 => last(&self.ints, "facts.a.i", ""),
            3 => last(&self.rows, "2", ".i"),
            4 => {
                let operator = self.pick(&["+", "-", "*", "/", "%"]);
                format!("({} {operator} {})", self.int(), self.int())
            }
            5 => format!("size({})", self.strings()),
            6 => format!("int({})", self.string()),
            7 => format!("-({})", self.int()),
            _ => format!("facts.a.is[{}]", self.random.below(3)),
        };
        self.depth -= 1;
        text
    }
}

/// The innermost variable of a kind with a path after it; something else where there is none.
fn last(variables: &[String], otherwise: &str, path: &str) -> String {
    variables.last().map_or_else(
        || otherwise.to_owned(),
        |variable| format!("{variable}{path}"),
    )
}
