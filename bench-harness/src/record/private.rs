//! What a record should not tell: home folders, and what its machine is called.
//!
//! Command lines, names of plugins and warnings hold paths as they were typed. A record goes into a public
//! repository and stays there, so that such text is looked for before, in every file, wherever it was measured.

/// What stands before the folder in which the folders of users stand, on the systems that this program runs on.
const BEFORE_HOMES: [&str; 6] = ["/usr", "/export", "/var", "/System/Volumes/Data", "/mnt/c", ""];
/// That folder, in any case, and with a number behind it where there are several.
const HOMES: [&str; 3] = ["homes", "home", "users"];
/// The homes of the system's administrator.
const ROOTS: [&str; 3] = ["/private/var/root", "/var/root", "/root"];
/// Names that tell nothing, as systems have them before somebody names them.
const NO_NAMES: [&str; 2] = ["localhost", "unknown"];
/// Shorter names would be found in words that have nothing to do with them.
const SHORTEST: usize = 3;

/// What is looked for, besides folders that look like homes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Private {
    home: Option<String>,
    host: Option<String>,
}

impl Private {
    /// Looks for the home folder of whoever files the record, and for the name of the machine it is filed on.
    pub fn new(home: Option<String>, host: Option<String>) -> Self {
        let home = home.map(|home| home.trim_end_matches('/').to_owned());
        let host = host.and_then(|host| Some(host.split('.').next()?.to_owned()));
        Self {
            // A home of `/`, as in containers, would be found everywhere.
            home: home.filter(|home| home.starts_with('/') && home.len() > 1),
            host: host.filter(|host| host.len() >= SHORTEST && !NO_NAMES.contains(&host.as_str())),
        }
    }

    /// What of that is in `text`, each once.
    pub fn found_in(&self, text: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        self.each(text, |what| {
            if !found.iter().any(|known| known == what.text) {
                found.push(what.text.to_owned());
            }
        });
        found
    }

    /// The text with `~` in the place of homes, and `HOST` in that of the machine's name.
    pub fn redacted(&self, text: &str) -> String {
        let (mut redacted, mut end) = (String::with_capacity(text.len()), 0);
        self.each(text, |what| {
            redacted.push_str(&text[end..what.at]);
            redacted.push_str(what.instead);
            end = what.at + what.text.len();
        });
        redacted.push_str(&text[end..]);
        redacted
    }

    /// Every place, from the first on.
    fn each<'t>(&self, text: &'t str, mut seen: impl FnMut(Found<'t>)) {
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let before = &text[..at];
            let home = || {
                let begins = rest.starts_with('/') && begins_path(before);
                Some((self.home_at(rest).filter(|_| begins)?, "~"))
            };
            let host = || {
                let host = self.host.as_deref().filter(|_| !before.ends_with(is_word))?;
                // Systems tell names of machines in either case, and mean the same.
                let here = rest.get(..host.len())?;
                (here.eq_ignore_ascii_case(host) && !rest[host.len()..].starts_with(is_word))
                    .then_some((host.len(), "HOST"))
            };
            if let Some((length, instead)) = home().or_else(host) {
                seen(Found { at, text: &rest[..length], instead });
                at += length;
            } else {
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
    }

    /// How long the home is with which `text` begins.
    fn home_at(&self, text: &str) -> Option<usize> {
        let whole = |home: &str| {
            let behind = text.strip_prefix(home)?;
            (!behind.starts_with(is_word)).then_some(home.len())
        };
        let known = self.home.as_deref().into_iter().chain(ROOTS);
        known.filter_map(whole).max().or_else(|| somebodys(text))
    }
}

/// How long the folder of a user is with which `text` begins: `/home/NAME`, `/export/home2/NAME`, `/Users/NAME`.
fn somebodys(text: &str) -> Option<usize> {
    BEFORE_HOMES.iter().find_map(|before| {
        let (folder, behind) = text.strip_prefix(before)?.strip_prefix('/')?.split_once('/')?;
        let kind = folder.trim_end_matches(|c: char| c.is_ascii_digit());
        HOMES.iter().find(|known| kind.eq_ignore_ascii_case(known))?;
        let name = behind.find(|c: char| !is_word(c) && c != '.').unwrap_or(behind.len());
        (name > 0).then_some(text.len() - behind.len() + name)
    })
}

/// Whether a path may begin behind `before`, and is not in the middle of one there: `results/home/x` is no home.
fn begins_path(before: &str) -> bool {
    let goes_on = |c: char| is_word(c) || matches!(c, '.' | '~');
    let outside = before.trim_end_matches(goes_on);
    let touched = &before[outside.len()..];
    // An option's letter may touch its path, as in `-I/home/x`; so may the letter of an escape, as in `\n/home/x`.
    let option = touched.starts_with('-') && !outside.ends_with('/');
    touched.is_empty() || option || outside.ends_with('\\')
}

/// A place.
struct Found<'t> {
    at: usize,
    text: &'t str,
    instead: &'static str,
}

/// Whether a character is part of a word, so that what it touches is another one.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private() -> Private {
        Private::new(Some("/data/people/ann/".to_owned()), Some("tower.example.org".to_owned()))
    }

    #[test]
    fn homes_and_names_are_found_wherever_they_stand() {
        let text =
            "\"plugin:/home/bob/libmine.so\", '/Users/c.d/x' /data/people/ann/y=/root tower, Tower";
        let found = private().found_in(text);
        assert_eq!(
            found,
            ["/home/bob", "/Users/c.d", "/data/people/ann", "/root", "tower", "Tower"]
        );
        assert_eq!(private().redacted(text), "\"plugin:~/libmine.so\", '~/x' ~/y=~ HOST, HOST");
    }

    #[test]
    fn homes_have_many_names() {
        for home in [
            "/home2/ann",
            "/homes/ann",
            "/users/ann",
            "/HOME/ann",
            "/usr/home/ann",
            "/export/home1/ann",
            "/var/home/ann",
            "/System/Volumes/Data/Users/ann",
            "/mnt/c/Users/ann",
            "/var/root",
            "/private/var/root",
        ] {
            assert_eq!(private().found_in(&format!("x={home}/y")), [home]);
            assert_eq!(private().redacted(home), "~");
        }
    }

    #[test]
    fn a_path_may_touch_what_is_before_it() {
        for before in
            ["-I", "-L", "file://", "PATH=/bin:", "\"", "\\n", "a, ", "plugin:", "größe=", ""]
        {
            let text = format!("{before}/home/ann/x {before}/root");
            assert_eq!(private().found_in(&text), ["/home/ann", "/root"], "{text}");
            assert_eq!(private().redacted(&text), format!("{before}~/x {before}~"));
        }
    }

    #[test]
    fn what_only_looks_alike_is_left() {
        let text = "/data/people/anna towers my-tower /rootless /home/ results/home größe /data/root/x \
                    results/home/bob ../home/bob ~/home/bob https://example.org/users/ann /homely/x \
                    a/-b/home/x /srv/data/people/ann TOWERS";
        assert_eq!(private().found_in(text), Vec::<String>::new());
        assert_eq!(private().redacted(text), text);
    }

    #[test]
    fn what_would_be_found_everywhere_is_not_looked_for() {
        for (home, host) in [("/", "vm"), ("", "localhost"), ("relative", "")] {
            let private = Private::new(Some(home.to_owned()), Some(host.to_owned()));
            assert_eq!(private, Private::default(), "{home} {host}");
        }
    }
}
