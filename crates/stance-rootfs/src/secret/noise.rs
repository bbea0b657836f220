//! Files of packages that hold examples and test data by nature: documentation, translations, source maps, test suites.
//!
//! Only folders that a package manager fills are listed. A folder of the application that is called `tests` is searched:
//! people do leave real keys there.

use super::glob::Globs;

/// Where nothing is looked for.
const PACKAGED: &[&str] = &[
    "usr/share/{doc,doc-base,man,info,help,locale,gtk-doc,lintian,vim,emacs,bash-completion,zsh,mime}/**",
    "usr/local/share/{doc,man,info}/**",
    "**/{share,lib}/{perl,perl5}/**/*.pod",
    "**/*.{js,css,mjs,cjs,ts}.map",
    "**/*.mo",
    "**/lib/python*/{test,tests}/**",
    "**/lib{,64}/python*/**/{test,tests,testing,testdata,idle_test,example,examples,docs,doc,fixtures}/**",
    "**/{site,dist}-packages/**/{test,tests,testing,testdata,test_data,example,examples,samples,docs,doc,fixtures,data/endpoints}/**",
    "**/{site,dist}-packages/{boto3,botocore,ansible,ansible_collections}/**",
    "**/node_modules/**/{test,tests,__tests__,spec,specs,testdata,fixtures,example,examples,docs,doc,samples}/**",
    "**/node_modules/**/*.{md,markdown}",
    "**/{gems,pkg/mod,registry/src}/**/{test,tests,spec,testdata,fixtures,example,examples,samples,docs,doc,man}/**",
    "**/{gems,pkg/mod,registry/src}/**/*{_test.go,_spec.rb,.md}",
    "**/*.dist-info/{RECORD,METADATA}",
    "usr/lib/go*/src/**/{testdata/**,*_test.go}",
    "usr/local/go/{src,test}/**/{testdata/**,*_test.go}",
    "**/.cargo/registry/**",
    "**/registry/src/index.crates.io-*/**",
    "**/{third_party,vendored,google-cloud-sdk}/**/{test,tests,dummyserver}/**",
    "**/{site,dist}-packages/moto/**",
    "usr/{lib,lib64}/**/*.{a,o}",
    "**/vendor/**/{test,tests,Tests,testdata,fixtures}/**",
];

/// Where names are not looked for besides: programs and data of packages, whose `password = …` are code. Web roots and
/// servers' own folders below them are searched.
const CODE: &[&str] = &[
    "usr/{include,src,games,libexec}/**",
    "usr/{lib,lib32,lib64,libx32,bin,sbin}/**",
    "usr/local/{include,go}/**",
    "{lib,lib64,bin,sbin}/**",
    "**/lib/{python,ruby,perl,node_modules,jvm,R,erlang}*/**",
    "**/{site-packages,dist-packages,node_modules,gems,pkg/mod,registry/src,bower_components}/**",
    "**/{share,lib}/{perl,perl5}/**",
    "var/lib/{dpkg,apt,pacman,rpm}/**",
    "lib/apk/**",
    "var/{cache,log}/**",
];

/// The most common of these, tried first: the patterns cost a microsecond, and an image has many thousands of files.
const CODE_STARTS: &[&[u8]] = &[
    b"usr/lib/",
    b"usr/bin/",
    b"usr/include/",
    b"var/lib/dpkg/",
    b"usr/share/doc/",
];

/// Folders of `usr/share` in which somebody's own configuration may lie.
const SERVED: &[&str] = &[
    "usr/share/{nginx,tomcat*,wordpress,phpmyadmin,webapps,elasticsearch,kibana,grafana,logstash}/**",
];

/// Which files are passed over.
#[derive(Debug)]
pub(super) struct Noise {
    packaged: Option<Globs>,
    code: Option<Globs>,
    share: Option<Globs>,
    served: Option<Globs>,
}

impl Noise {
    /// # Errors
    /// A pattern of the lists above is wrong.
    pub(super) fn new() -> Result<Self, regex::Error> {
        Ok(Self {
            packaged: Globs::new(PACKAGED)?,
            code: Globs::new(CODE)?,
            share: Globs::new(&["usr/share/**"])?,
            served: Globs::new(SERVED)?,
        })
    }

    /// Whether a finding in this file says nothing; `named`: it was found by the name of a setting.
    pub(super) fn covers(&self, path: &[u8], named: bool) -> bool {
        if named && CODE_STARTS.iter().any(|start| path.starts_with(start)) {
            return true;
        }
        let hit = |globs: &Option<Globs>| globs.as_ref().is_some_and(|globs| globs.matches(path));
        hit(&self.packaged) || named && (hit(&self.code) || hit(&self.share) && !hit(&self.served))
    }
}

#[cfg(test)]
mod tests {
    use super::Noise;

    #[test]
    fn packages_are_passed_over_and_applications_are_not() {
        let noise = Noise::new().unwrap();
        for (path, any, named) in [
            ("usr/share/doc/openssl/key.pem", true, true),
            ("usr/lib/python3.11/test/keycert.pem", true, true),
            (
                "usr/local/lib/python3.12/site-packages/tornado/test/test.key",
                true,
                true,
            ),
            (
                "opt/venv/lib/python3.12/site-packages/boto3/docs/x.py",
                true,
                true,
            ),
            ("app/node_modules/ssh2/test/fixtures/id_rsa", true, true),
            ("app/static/main.js.map", true, true),
            ("app/tests/fixtures/id_rsa", false, false),
            ("root/.aws/credentials", false, false),
            ("usr/share/nginx/html/.env", false, false),
            ("usr/share/perl/5.36/CPAN.pm", false, true),
            ("usr/lib/x86_64-linux-gnu/libcurl.so.4", false, true),
            ("usr/lib/x86_64-linux-gnu/libgnutls.so.30", false, true),
            ("etc/mysql/debian.cnf", false, false),
            ("opt/app/config/.env", false, false),
        ] {
            assert_eq!(noise.covers(path.as_bytes(), false), any, "{path}");
            assert_eq!(noise.covers(path.as_bytes(), true), named, "{path} named");
        }
    }
}
