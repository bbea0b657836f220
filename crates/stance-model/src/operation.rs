//! How asset types are collected, as data: the catalogue's `operations` give it, the collector carries it out.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ids::AssetType;
use crate::provider::Provider;

/// How the assets of one type are collected.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// The type.
    pub asset_type: AssetType,
    /// The API of its calls, where a call names no other.
    pub api: Api,
    /// Whether its assets have no region: it is collected once for an account.
    pub global: bool,
    /// The regions that have the product; empty: all.
    pub only: Vec<String>,
    /// Listings that lead to the one of the assets, from the outermost: instances whose repositories are the assets.
    pub parents: Vec<CallSpec>,
    /// The calls by the names of their facts, in order. The first lists the assets.
    pub calls: Vec<CallSpec>,
    /// Where the id is in an element of the listing; with `{…}` the id itself, of what an account has one of.
    pub id: String,
    /// Where the name is, or with `{…}` what it is made of; none: the id.
    pub name: Option<String>,
    /// Where the region is, for what is listed for all regions at once.
    pub region: Option<String>,
    /// Where the zone is.
    pub zone: Option<String>,
    /// Where the tags are, and how they are written.
    pub tags: Option<Tags>,
}

/// How the accounts of a provider are found.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderCalls {
    /// The provider.
    pub provider: Provider,
    /// Whose keys these are.
    pub identity: Lookup,
    /// The regions that the account may use; none: its assets say where they are.
    pub regions: Option<Lookup>,
    /// The accounts of its organisation.
    pub members: Option<Lookup>,
    /// Keys for another account of the organisation.
    pub assume: Option<Lookup>,
}

/// A call, and where in its answer, or in each of its elements, the values are that it is made for.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// The call.
    pub call: CallSpec,
    /// Its API.
    pub api: Api,
    /// Where values are, by what they are: `account`, `name`, `id`, `project`, `key`, `secret`, `token`.
    pub values: BTreeMap<String, String>,
}

/// Where tags are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags {
    /// The path of the list, or of an object whose members are the tags.
    pub path: String,
    /// The member that holds the key, in a list.
    pub key: String,
    /// The member that holds the value, in a list.
    pub value: String,
}

/// An API of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// The product, as permissions name it.
    pub product: String,
    /// Its version.
    pub version: String,
    /// How requests are written and signed.
    pub style: Style,
    /// The host; `{region}` and the like stand for what they say.
    pub host: String,
    /// Hosts of regions that have another.
    pub hosts: BTreeMap<String, String>,
    /// The name by which a signature goes, where it is not the product.
    pub signing: Option<String>,
}

/// How requests are written and signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Alibaba Cloud: parameters in the query, the action in a header.
    Rpc,
    /// Alibaba Cloud: resources in the path.
    Roa,
    /// Alibaba Cloud OSS: XML.
    Oss,
    /// Alibaba Cloud Log Service: resources in the path, projects in the host.
    Sls,
    /// Tencent Cloud: JSON.
    Tc3,
    /// Huawei Cloud: resources in the path, JSON.
    Huawei,
    /// Huawei Cloud OBS: XML.
    Obs,
    /// Azure Resource Manager.
    Arm,
    /// Microsoft Graph.
    Graph,
    /// AWS `query`: a form, XML.
    AwsQuery,
    /// AWS `ec2`: as `query`, with its own lists.
    AwsEc2,
    /// AWS `json`.
    AwsJson,
    /// AWS `rest-json`.
    AwsRestJson,
    /// AWS `rest-xml`, S3 among them.
    AwsRestXml,
}

/// One call.
#[derive(Debug, Clone, PartialEq)]
pub struct CallSpec {
    /// The name of its facts.
    pub name: String,
    /// Its API, where not that of the type.
    pub api: Option<Api>,
    /// The action; of REST styles only for people and permissions.
    pub action: String,
    /// The method; of RPC styles always POST.
    pub method: String,
    /// The path, with `{…}` for values.
    pub path: String,
    /// Parameters, with `{…}` for values: in the query, or in the form or the JSON of RPC styles.
    pub query: Vec<(String, Value)>,
    /// How it is paged; none: one answer is all.
    pub page: Option<Page>,
    /// Where the elements are in the answer; none: the answer is the fact.
    pub items: Option<String>,
    /// What of the elements of all pages is the fact; of a listing, whether each or all of them are an asset.
    pub take: Take,
    /// A parameter and the values for which it is called in turn; the elements are joined.
    pub variants: Option<(String, Vec<Value>)>,
    /// It is called in each region, though its type has none; the elements are joined.
    pub everywhere: bool,
    /// It is called for each element of a list in an earlier fact.
    pub each: Option<Each>,
    /// It is called once for a region, and each element goes to the asset whose value at the second path equals its
    /// own at the first.
    pub join: Option<(String, String)>,
    /// It is only called for elements of the listing for which all of these hold.
    pub when: Vec<Condition>,
    /// What the fact is where it is not called; none: null.
    pub otherwise: Option<Value>,
    /// Error codes that mean "there is none"; `*` at the end stands for any rest.
    pub absent_on: Vec<String>,
    /// A member of the answer, and what it says when all went well.
    pub success: Option<(String, Value)>,
    /// How names on the wire differ from those of the facts: by the name of the fact.
    pub wire: BTreeMap<String, String>,
    /// Where the fact is in the answer, where it is not the whole.
    pub at: Option<String>,
    /// What a person must be allowed for it.
    pub needs: Vec<String>,
    /// The fields of the fact that are kept, with their types.
    pub shape: FieldShape,
}

/// What of a listing is the fact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Take {
    /// The elements.
    #[default]
    Elements,
    /// The first element; null where there is none.
    First,
    /// The first answer, with the elements of all pages in it.
    Whole,
}

/// A list in an earlier fact, for each of whose elements a call is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Each {
    /// The earlier fact.
    pub fact: String,
    /// Where the list is in it.
    pub path: String,
    /// Where an element has the name by which its answer goes: the fact is an object of the answers. None: the elements
    /// of all answers are joined, and the fact is null where there is no element to call it for.
    pub key: Option<String>,
    /// Only the elements for which all of these hold.
    pub when: Vec<Condition>,
    /// Only the elements whose number at this path is the greatest.
    pub newest: Option<String>,
}

/// The declared type of a fact or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldShape {
    /// A text.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Double,
    /// A truth value.
    Bool,
    /// Anything; kept as it is.
    Any,
    /// A list.
    List(Box<FieldShape>),
    /// An object with these members; others are not kept.
    Object(BTreeMap<String, FieldShape>),
    /// An object with any members of one type.
    Map(Box<FieldShape>),
}

/// A condition on an element of the listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Where the value is.
    pub path: String,
    /// What it may be.
    pub one_of: Vec<Value>,
    /// Whether it may be none of these instead.
    pub negated: bool,
}

/// How a listing is paged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// Numbered from `first`; over when `total` elements were seen or a page is not full.
    Number {
        /// The parameter that takes the number.
        param: String,
        /// The first number.
        first: u64,
        /// The parameter that takes the size, and the size.
        size: Option<(String, u64)>,
        /// Where the answer says how many there are.
        total: Option<String>,
    },
    /// By how many to pass over.
    Offset {
        /// The parameter that takes the offset.
        param: String,
        /// The parameter that takes the size, and the size.
        size: (String, u64),
        /// Where the answer says how many there are.
        total: Option<String>,
        /// Whether parameters are texts.
        text: bool,
    },
    /// By a word of the answer, which goes into the next request; over when there is none.
    Token {
        /// The parameter that takes the word.
        param: String,
        /// Where the answer has it; with `[-1]`, of the last element.
        from: String,
        /// The parameter that takes the size, and the size.
        size: Option<(String, u64)>,
        /// Where the answer says whether there is more; none: the word says it.
        more: Option<String>,
    },
    /// By an address in the answer, on the same host.
    Link {
        /// Where the answer has it.
        from: String,
    },
}
