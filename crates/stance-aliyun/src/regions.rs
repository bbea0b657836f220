//! The names of Alibaba Cloud's regions, as people read them.

use stance_model::{Lang, Provider, Text};

/// Id, Chinese name, English name.
const REGIONS: &[(&str, &str, &str)] = &[
    ("cn-qingdao", "华北1（青岛）", "China (Qingdao)"),
    ("cn-beijing", "华北2（北京）", "China (Beijing)"),
    ("cn-zhangjiakou", "华北3（张家口）", "China (Zhangjiakou)"),
    ("cn-huhehaote", "华北5（呼和浩特）", "China (Hohhot)"),
    ("cn-wulanchabu", "华北6（乌兰察布）", "China (Ulanqab)"),
    ("cn-hangzhou", "华东1（杭州）", "China (Hangzhou)"),
    ("cn-shanghai", "华东2（上海）", "China (Shanghai)"),
    ("cn-nanjing", "华东5（南京）", "China (Nanjing)"),
    ("cn-fuzhou", "华东6（福州）", "China (Fuzhou)"),
    ("cn-shenzhen", "华南1（深圳）", "China (Shenzhen)"),
    ("cn-heyuan", "华南2（河源）", "China (Heyuan)"),
    ("cn-guangzhou", "华南3（广州）", "China (Guangzhou)"),
    ("cn-chengdu", "西南1（成都）", "China (Chengdu)"),
    ("cn-wuhan-lr", "华中1（武汉）", "China (Wuhan)"),
    ("cn-hongkong", "中国香港", "China (Hong Kong)"),
    ("ap-southeast-1", "新加坡", "Singapore"),
    (
        "ap-southeast-3",
        "马来西亚（吉隆坡）",
        "Malaysia (Kuala Lumpur)",
    ),
    (
        "ap-southeast-5",
        "印度尼西亚（雅加达）",
        "Indonesia (Jakarta)",
    ),
    ("ap-southeast-6", "菲律宾（马尼拉）", "Philippines (Manila)"),
    ("ap-southeast-7", "泰国（曼谷）", "Thailand (Bangkok)"),
    ("ap-northeast-1", "日本（东京）", "Japan (Tokyo)"),
    ("ap-northeast-2", "韩国（首尔）", "South Korea (Seoul)"),
    ("us-west-1", "美国（硅谷）", "US (Silicon Valley)"),
    ("us-east-1", "美国（弗吉尼亚）", "US (Virginia)"),
    ("eu-central-1", "德国（法兰克福）", "Germany (Frankfurt)"),
    ("eu-west-1", "英国（伦敦）", "UK (London)"),
    ("me-east-1", "阿联酋（迪拜）", "UAE (Dubai)"),
    ("me-central-1", "沙特（利雅得）", "SAU (Riyadh)"),
];

/// The name of a region of Alibaba Cloud; the id for what is not listed, and for other clouds, which use some of the
/// same ids for other places.
pub(crate) fn show_name(provider: Provider, region: &str, lang: Lang) -> &str {
    if provider != Provider::Aliyun {
        return region;
    }
    let found = REGIONS.iter().find(|(id, _, _)| *id == region);
    found.map_or(region, |(_, zh, en)| Text::pick(lang, zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_id_means_another_place_elsewhere() {
        assert_eq!(
            show_name(Provider::Aliyun, "us-east-1", Lang::En),
            "US (Virginia)"
        );
        assert_eq!(show_name(Provider::Aws, "us-east-1", Lang::En), "us-east-1");
        assert_eq!(
            show_name(Provider::Aliyun, "xx-new-1", Lang::Zh),
            "xx-new-1"
        );
    }
}
