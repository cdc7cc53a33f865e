//! What a machine is called in the name of a record: `epyc-2core-vm`.

use super::{Environment, UNKNOWN};

/// Words in the names of processors that tell none from another.
const NOISE: [&str; 14] = [
    "amd",
    "intel",
    "r",
    "tm",
    "cpu",
    "processor",
    "core",
    "with",
    "radeon",
    "graphics",
    "series",
    "genuine",
    "authentic",
    "gen",
];
/// Longest name of a processor.
const LONGEST: usize = 32;

/// Processor, number of logical processors, and `vm` for a virtual machine, in small letters, digits and hyphens.
pub fn machine_slug(environment: &Environment) -> String {
    let mut parts = vec![processor(environment)];
    parts.extend(environment.cores.map(|cores| format!("{cores}core")));
    if !["none", UNKNOWN, ""].contains(&environment.hypervisor.as_str()) {
        parts.push("vm".to_owned());
    }
    parts.join("-")
}

fn processor(environment: &Environment) -> String {
    // What follows is its clock frequency, which is no part of its name.
    let model = environment.cpu_model.split('@').next().unwrap_or_default().to_lowercase();
    let words = model.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut name = String::new();
    let words: Vec<&str> = words.collect();
    for (index, word) in words.iter().enumerate() {
        // "16-Core" and "12th Gen" say what is said already, or nothing.
        let counts = word.starts_with(|c: char| c.is_ascii_digit())
            && words.get(index + 1).is_some_and(|next| ["core", "gen"].contains(next));
        if NOISE.contains(word) || *word == UNKNOWN || counts {
            continue;
        }
        if name.len() + word.len() < LONGEST {
            if !name.is_empty() {
                name.push('-');
            }
            name.push_str(word);
        }
    }
    if !name.is_empty() {
        return name;
    }
    // A processor that does not tell its name: its architecture, the last word of the kernel's.
    let architecture = environment.kernel.split_whitespace().last().unwrap_or(UNKNOWN);
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    architecture.chars().map(plain).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_keep_what_tells_them_apart() {
        let slug = |model: &str| {
            machine_slug(&Environment { cpu_model: model.to_owned(), ..Environment::blank() })
        };
        for (model, expected) in [
            ("AMD EPYC", "epyc"),
            ("AMD EPYC 7R13 Processor", "epyc-7r13"),
            ("Intel(R) Core(TM) i7-8650U CPU @ 1.90GHz", "i7-8650u"),
            ("Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz", "xeon-platinum-8375c"),
            ("AMD Ryzen 9 5950X 16-Core Processor", "ryzen-9-5950x"),
            ("12th Gen Intel(R) Core(TM) i5-12400", "i5-12400"),
            ("Apple M2 Pro", "apple-m2-pro"),
            ("../../<script>", "script"),
        ] {
            assert_eq!(slug(model), expected, "{model}");
        }
    }

    #[test]
    fn cores_virtual_machines_and_unknown_processors() {
        let environment = Environment {
            cpu_model: UNKNOWN.to_owned(),
            kernel: "Linux 6.1 aarch64".to_owned(),
            cores: Some(4),
            hypervisor: "yes, not named".to_owned(),
            ..Environment::blank()
        };
        assert_eq!(machine_slug(&environment), "aarch64-4core-vm");
        let bare = Environment { hypervisor: "none".to_owned(), ..environment };
        assert_eq!(machine_slug(&bare), "aarch64-4core");
        assert_eq!(machine_slug(&Environment::blank()), "unknown");
    }
}
