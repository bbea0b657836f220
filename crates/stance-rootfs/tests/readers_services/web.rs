//! nginx, Apache, Tomcat, PHP.

use stance_rootfs::Fact;

use crate::common::{fact, facts, list, setting, tree, values};

const NGINX: &str = "/etc/nginx/nginx.conf";
const APACHE: &str = "/etc/apache2/apache2.conf";
const TOMCAT: &str = "/opt/tomcat/conf/server.xml";

#[test]
fn a_server_of_nginx_inherits_what_it_does_not_set() {
    let got = facts(
        "nginx",
        &[
            (
                NGINX,
                "user www-data;\nevents { worker_connections 768; }\nhttp {\n include mime.types;\n server_tokens off;\n ssl_protocols TLSv1;\n include sites-enabled/*;\n}\n",
            ),
            ("/etc/nginx/mime.types", "types { text/html html; }\n"),
            (
                "/etc/nginx/sites-enabled/a",
                "server { listen 80; server_tokens on;\n location / { autoindex on; } }\n",
            ),
            (
                "/etc/nginx/sites-enabled/b",
                "server { listen 443 ssl; ssl_protocols TLSv1.2 TLSv1.3; }\n",
            ),
        ],
    );
    assert_eq!(got["tls"], true);
    assert_eq!(values(&got, "effective", "server_tokens"), ["on", "off"]);
    // Nobody inherits the protocols of `http`: the only server with TLS sets its own.
    assert_eq!(
        values(&got, "effective", "ssl_protocols"),
        ["TLSv1.2 TLSv1.3"]
    );
    assert_eq!(values(&got, "effective", "autoindex"), ["on", "off!"]);
    let listing = setting(&got, "options", "autoindex");
    assert_eq!(listing["context"], "http / server / location /");
    assert_eq!(
        (&listing["at"]["path"], &listing["at"]["line"]),
        (&"/etc/nginx/sites-enabled/a".into(), &2.into())
    );
    assert!(
        list(&got, "options")
            .iter()
            .all(|s| s["name"] != "text/html")
    );
}

#[test]
fn secrets_in_headers_are_masked() {
    let got = facts(
        "nginx",
        &[(
            NGINX,
            "http { server { proxy_set_header Authorization 'Basic c2VjcmV0OnNlY3JldA=='; } }\n",
        )],
    );
    assert!(!got.to_string().contains("c2VjcmV0"), "{got}");
}

#[test]
fn a_broken_nginx_file_is_unknown() {
    assert!(matches!(
        fact("nginx", &tree(&[(NGINX, "http {\n server {\n")])),
        Fact::Unknown(_)
    ));
    assert_eq!(fact("nginx", &tree(&[])), Fact::Absent);
}

#[test]
fn apache_follows_modules_includes_and_virtual_hosts() {
    let got = facts(
        "apache",
        &[
            (
                APACHE,
                "IncludeOptional mods-enabled/*.load\nIncludeOptional mods-enabled/*.conf\n<IfModule mod_status.c>\n ExtendedStatus On\n</IfModule>\n<Directory \"/var/www/\">\n Options Indexes \\\n  FollowSymLinks\n</Directory>\nServerTokens OS\nServerTokens Prod\nIncludeOptional sites-enabled/*.conf\n",
            ),
            (
                "/etc/apache2/mods-enabled/ssl.load",
                "LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\n",
            ),
            (
                "/etc/apache2/mods-enabled/ssl.conf",
                "<IfModule mod_ssl.c>\nSSLProtocol all -SSLv3 -TLSv1 -TLSv1.1\n</IfModule>\n",
            ),
            (
                "/etc/apache2/sites-enabled/a.conf",
                "<VirtualHost *:443>\n SSLEngine on\n TraceEnable off\n</VirtualHost>\n",
            ),
        ],
    );
    assert_eq!(got["tls"], true);
    assert_eq!(values(&got, "effective", "servertokens"), ["Prod"]);
    assert_eq!(values(&got, "effective", "traceenable"), ["on!", "off"]);
    assert_eq!(
        setting(&got, "effective", "sslprotocol")["args"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(values(&got, "options", "extendedstatus").is_empty());
    let listing = setting(&got, "options", "options");
    assert_eq!(
        (&listing["context"], &listing["args"][1]),
        (&"directory /var/www/".into(), &"FollowSymLinks".into())
    );
    assert_eq!(listing["at"]["line"], 7);
}

#[test]
fn tomcat_connectors_users_and_servlets() {
    let got = facts(
        "tomcat",
        &[
            (
                TOMCAT,
                "<Server port=\"8005\" shutdown=\"SHUTDOWN\">\n <Service>\n  <Connector port=\"8009\" protocol=\"AJP/1.3\" address=\"0.0.0.0\"\n    secret=\"verysecretword\"/>\n </Service>\n</Server>",
            ),
            (
                "/opt/tomcat/conf/tomcat-users.xml",
                "<tomcat-users><user username=\"admin\" password=\"s3cret\" roles=\"manager-gui, x\"/><user username=\"r\" password=\"Vt4k9QmZr7xLw2Bn\" roles=\"reader\"/></tomcat-users>",
            ),
            (
                "/opt/tomcat/conf/web.xml",
                "<web-app>\n<servlet><servlet-name>default</servlet-name>\n<init-param><param-name>listings</param-name><param-value>true</param-value></init-param></servlet></web-app>",
            ),
        ],
    );
    assert_eq!(got["instances"][0]["shutdown_default"], true);
    let connector = &got["connectors"][0];
    assert_eq!(
        (
            &connector["ajp"],
            &connector["exposed"],
            &connector["secret"]
        ),
        (&true.into(), &true.into(), &true.into())
    );
    let users = list(&got, "users");
    assert_eq!(
        (&users[0]["manager"], &users[0]["password"]),
        (&true.into(), &"weak".into())
    );
    assert_eq!(
        (&users[1]["manager"], &users[1]["password"]),
        (&false.into(), &"set".into())
    );
    assert_eq!(values(&got, "options", "default.listings"), ["true"]);
    let text = got.to_string();
    assert!(
        !text.contains("verysecretword") && !text.contains("s3cret") && !text.contains("Vt4k9")
    );
}

#[test]
fn php_reads_additions_after_the_main_file() {
    let got = facts(
        "php",
        &[
            (
                "/etc/php/8.2/fpm/php.ini",
                "[PHP]\nexpose_php = On ; shows\nmemory_limit = 128M\n[HOST=a.example]\ndisplay_errors = On\n",
            ),
            (
                "/etc/php/8.2/fpm/conf.d/99-own.ini",
                "expose_php = \"0\"\ndisplay_errors = stderr\n",
            ),
            ("/etc/php/8.2/cli/php.ini", "expose_php = On\n"),
        ],
    );
    let of = |context: &str| {
        let mut all = list(&got, "options").iter();
        let found = all.find(|s| s["name"] == "expose_php" && s["context"] == context);
        found.unwrap()["value"].clone()
    };
    assert_eq!(
        (of("/etc/php/8.2/fpm"), of("/etc/php/8.2/cli")),
        ("no".into(), "yes".into())
    );
    assert!(values(&got, "options", "display_errors").contains(&"stderr".to_owned()));
    let official = facts(
        "php",
        &[(
            "/usr/local/etc/php/conf.d/docker-php-ext-x.ini",
            "extension=x\n",
        )],
    );
    assert_eq!(values(&official, "options", "expose_php"), ["yes!"]);
}
