//! A short name for a machine: the same as long as its hardware is, another on another machine.
//!
//! Records of two days can then be told to be of one machine, or not, without a host name in them.

use crate::record::{Environment, UNKNOWN};

/// Sixteen hexadecimal digits made of what stays: processor, cores online, caches, hypervisor, page
/// size, memory and architecture. What a day changes is left out: kernel, load, frequency, free
/// memory. `unknown` where the machine does not name its processor, for then all such machines
/// would be one.
///
/// It can be made of any record, also of those that do not hold one.
pub fn fingerprint(environment: &Environment) -> String {
    if [UNKNOWN, ""].contains(&environment.cpu_model.as_str()) {
        return UNKNOWN.to_owned();
    }
    let number = |value: Option<u64>| value.map_or(UNKNOWN.to_owned(), |value| value.to_string());
    // The kernel keeps a little for itself, some more and some less: rounded up it is what is built in.
    let memory_gib = environment.memory_bytes.map(|bytes| bytes.div_ceil(1 << 30));
    let architecture = environment.kernel.split(' ').next_back().unwrap_or(UNKNOWN);
    let fields = [
        environment.cpu_model.clone(),
        number(environment.cores.map(u64::from)),
        environment.caches.join(","),
        environment.hypervisor.clone(),
        number(environment.page_size),
        number(memory_gib),
        architecture.to_owned(),
    ];
    // A line feed ends each field, so that no two lists of fields make the same text.
    format!("{:016x}", fnv_1a(fields.iter().flat_map(|field| field.bytes().chain([b'\n']))))
}

/// FNV-1a, 64 bits: Fowler, Noll and Vo, draft-eastlake-fnv. Short, without seed, and the same on
/// every system and in every release, which the standard library's hasher does not promise.
fn fnv_1a(bytes: impl Iterator<Item = u8>) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    bytes.fold(OFFSET_BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::{fingerprint, fnv_1a};
    use crate::record::{Environment, UNKNOWN};

    fn machine() -> Environment {
        Environment {
            cpu_model: "Example 9000".to_owned(),
            cores: Some(8),
            caches: vec!["L1d 32 KiB".to_owned()],
            hypervisor: "none".to_owned(),
            kernel: "Linux 6.1.0 x86_64".to_owned(),
            page_size: Some(4_096),
            memory_bytes: Some(25_276_514_304),
            ..Environment::blank()
        }
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // Test vectors of the draft.
        assert_eq!(fnv_1a(b"".iter().copied()), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"a".iter().copied()), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(b"foobar".iter().copied()), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn what_a_day_changes_does_not_change_it() {
        let first = fingerprint(&machine());
        assert_eq!((first.len(), first.as_str()), (16, "9a4e65653b3f3666"));
        let later = Environment {
            kernel: "Linux 6.9.3 x86_64".to_owned(),
            memory_bytes: Some(25_276_514_304 - (100 << 20)),
            memory_available_bytes: Some(5),
            load_before: Some(17.0),
            governor: "powersave".to_owned(),
            turbo: "off".to_owned(),
            timer_overhead_ns: 99.0,
            ..machine()
        };
        assert_eq!(fingerprint(&later), first);
    }

    #[test]
    fn another_machine_has_another() {
        let others = [
            Environment { cpu_model: "Example 9001".to_owned(), ..machine() },
            Environment { cores: Some(4), ..machine() },
            Environment { caches: Vec::new(), ..machine() },
            Environment { hypervisor: "KVM".to_owned(), ..machine() },
            Environment { kernel: "Linux 6.1.0 aarch64".to_owned(), ..machine() },
            Environment { page_size: Some(16_384), ..machine() },
            Environment { memory_bytes: None, ..machine() },
        ];
        let mut all: Vec<String> = others.iter().map(fingerprint).collect();
        all.push(fingerprint(&machine()));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), others.len() + 1);
    }

    #[test]
    fn a_machine_without_a_name_has_none() {
        assert_eq!(fingerprint(&Environment::blank()), UNKNOWN);
    }
}
