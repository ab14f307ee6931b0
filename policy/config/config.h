// Config: what the operator wants, read once, immutable, shared by all threads.
//
// Loaded by load.h from one TOML file; the table of options (options.h) names
// every key with type, default, limits and one sentence. A message sees one
// Config from MAIL to its end; reload swaps the whole.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/domain.h"
#include "policy/base/ip_address.h"
#include "policy/config/action.h"
#include "policy/config/limits.h"
#include "policy/config/link_hosts.h"
#include "policy/config/phrases.h"
#include "policy/config/sender_map.h"
#include "policy/config/stream.h"

namespace postern {

struct MilterConfig {
  std::string socket = "unix:/run/postern/postern.sock";  // or inet:PORT@HOST
  unsigned socket_mode = 0660;
  int max_judging = 64;  // messages judged at once; beyond it 451
  std::chrono::milliseconds deadline{30'000};  // for the judging of one message
  std::chrono::milliseconds rcpt_deadline{2'000};
  std::chrono::milliseconds drain{300'000};
  // Of large bodies together; beyond it they lie on disk.
  std::int64_t body_memory = std::int64_t{64} * 1024 * 1024;
};

struct DnsConfig {
  // "192.0.2.53" or "127.0.0.1@5353"; empty: those of /etc/resolv.conf.
  std::vector<std::string> servers;
};

struct CacheConfig {
  std::int64_t content_bytes = 16 * 1024 * 1024;  // 0: nothing is kept
};

// A way out: the addresses our MTA connects from.
struct EgressRoute {
  std::string name;
  bool is_alternative = false;  // used only where it is chosen
  // Recipients of mail that chooses it are rewritten into this domain; none:
  // the field egress_header names the route.
  std::optional<Domain> recipient_domain;
  std::vector<IpAddress> addresses;
  std::string helo_name;
  std::vector<Domain> senders;         // author domains; empty: all
  std::vector<std::string> receivers;  // receiver names; empty: all
  // Receivers that admit only addresses they know, and have been asked to.
  std::vector<std::string> known_to;
  bool starttls = true;      // the MTA uses TLS where it is offered
  bool has_imprint = false;  // the EHLO host's web page says who runs it
};

// What is asked of DNS about the ways out, beside the mail.
struct EgressCheckConfig {
  std::chrono::milliseconds interval{3'600'000};
  bool blocklists = true;
};

// What the A records of a DNS blocklist mean (RFC 5782 s.2.1).
struct ReturnCode {
  std::string first, last;  // 4 octets each: a range, ends included
  std::string meaning;
};
// A public list of addresses or names that receivers refuse mail from.
struct Blocklist {
  std::string zone;
  bool lists_names = false;
  bool is_certain = false;  // most receivers refuse what it lists
  std::vector<ReturnCode> listed, dynamic_range;
  std::string test_entry;  // of a list of names: what it must list
  std::string removal;     // where to ask for it
};

// How far a key is in its life. Only an active one signs.
enum class KeyStage {
  kPending,   // its record is being published
  kActive,    // signs
  kRetiring,  // its record stays for the mail that is still under way
  kRetired,   // its record may go, its file may be gone
};
// What is done, in mode enforce, with mail that would leave unsigned.
enum class UnsignedMail { kPass, kHold, kDefer, kReject };

struct SigningKey {
  std::string selector;
  std::string file;  // PEM private key
  KeyStage stage = KeyStage::kActive;
};
struct SigningDomain {
  Domain domain;
  bool subdomains = false;  // also signs for author domains below it
  std::vector<SigningKey> keys;
  std::optional<UnsignedMail> unsigned_mail;  // none: that of all domains
};
struct SigningConfig {
  bool enabled = true;
  UnsignedMail unsigned_mail = UnsignedMail::kPass;
  std::vector<std::string> headers;     // signed besides the built-in names
  std::vector<std::string> oversign;    // no further instance may be added
  std::chrono::milliseconds expiry{0};  // x= so long after t=; 0: no x=
  std::vector<SigningDomain> domains;
  // Signs, not aligned, for authors that no other key is for.
  std::optional<Domain> fallback_domain;
  // OpenDKIM's data sets: "file:/path" or "refile:/path"; empty: none.
  std::string key_table, signing_table;
  bool multiple_signatures = false;  // every match signs, not the first alone
  // The MTA changes no body after its milters, whatever the next hop offers.
  bool mta_keeps_body = false;
  // Verify our own signatures in the daemon: the first of each key, then this
  // share of messages (0 to 1).
  int self_check_first = 20;
  double self_check_share = 0.01;
};

// ARC sets (RFC 8617) on mail that others wrote to us and we send on.
struct ArcConfig {
  bool enabled = false;
  std::optional<Domain> domain;  // d= and authserv-id
  std::string selector;
  std::string key_file;  // PEM, RSA
  // Whose Authentication-Results are believed (RFC 8601 s.2.5).
  std::vector<std::string> trusted_authserv_ids;
};

// What a login that no rule names may use as sender and author.
enum class UnlistedSenders { kAny, kOwnDomain, kOwnAddress, kNone };
// senders.rules.<who>: one rule written in postern.toml itself.
struct SenderRule {
  std::string who;
  std::vector<std::string> allow;
};
struct SendersConfig {
  std::string map_file;  // empty: the rules here alone
  UnlistedSenders unlisted = UnlistedSenders::kAny;
  bool null_sender = false;     // every login may use "<>"
  std::string separator = "+";  // of sub-addresses; empty: there are none
  bool rewrite = false;
  std::vector<SenderRule> rules;
  std::shared_ptr<const SenderMap> map;  // file and rules; null: none
};

// From is rewritten where the author's domain would have the message refused
// (from.munge_address, from.munge_domain). Neither: never.
struct MungeConfig {
  std::string address;
  std::optional<Domain> domain;
};

// A name inside of a network, and the domain that takes its place, and that of
// the names below it, in the addresses of authors (from.masquerade).
struct MasqueradeRule {
  Domain inside;
  std::optional<Domain> outside;
};

// Other filters that are asked what they think of a message.
struct SecondOpinionConfig {
  std::string rspamd, spamd;  // sockets; empty: not asked
  std::chrono::milliseconds deadline{2'000};
};

struct HoldsConfig {
  // Where released mail is handed back: an SMTP listener of the MTA that has
  // Postern as its milter. "127.0.0.1:10025"
  std::string reinject = "127.0.0.1:25";
};

// One receiver: who runs the MX (conf/receivers/*.toml).
struct ReceiverProfile {
  std::string name;                      // "google"
  std::vector<std::string> mx_suffixes;  // ".google.com"
  std::int64_t max_message_bytes = 0;    // 0: not published
  bool uses_public_suffix_list = false;  // DMARC by RFC 7489, no tree walk
  // Whether it takes addresses in UTF-8 (RFC 6531); none: not documented.
  std::optional<bool> takes_smtputf8;
  // Refuses an envelope sender whose organizational domain has no SOA record.
  bool needs_sender_soa = false;
  // File name extensions, lower case without the dot: those it refuses, and
  // those that it or its tenants may refuse.
  std::vector<std::string> blocked_extensions, suspect_extensions;
  int max_attachments = 0;  // 0: not published
  int max_recipients = 0;   // of one message; 0: not published
  // So many messages a day make an organizational domain a bulk sender there,
  // with them and ever after; 0: not published. Those to its personal mailboxes
  // count; no domains: all do.
  int bulk_sender_messages = 0;
  std::vector<Domain> personal_domains;
  // How many messages it takes from us together, and for one mailbox.
  std::vector<LimitRate> rates, mailbox_rates;
  std::string source;
};

// A clamd that is asked about every message (clamd(8), INSTREAM).
struct ClamdConfig {
  std::string socket;  // unix:/PATH or inet:PORT@HOST; empty: nobody is asked
  std::chrono::milliseconds timeout{10'000};
  // What is larger is not sent; clamd's own StreamMaxLength is no less.
  std::int64_t max_message_bytes = std::int64_t{25} * 1024 * 1024;
};

// What is found out of links beside their text.
struct LinksConfig {
  // Hosts that count as the author's own: click trackers, image hosts.
  std::vector<Domain> tracking_domains;
  bool blocklists = false;  // ask the lists of names about their domains
  bool resolve = false;     // ask DNS whether their hosts exist
  // Put the target in the place of a redirector's URL that names it, or of a
  // short link whose target is known.
  bool replace = false;
  bool expand = false;  // ask shorteners where their links lead
  int expand_hops = 5;
  std::chrono::milliseconds expand_time{5'000};  // of one message
  std::chrono::milliseconds expand_ttl{3'600'000};
};

struct Config {
  std::string file;  // where it was read from; empty: built-in defaults
  Mode mode = Mode::kObserve;
  Action on_unknown = Action::kObserve;  // observe | hold | defer
  std::string hostname;  // for Message-ID and notices; empty: the MTA's {j}
  std::string state_directory = "/var/lib/postern";
  std::string log_level = "info";
  std::string log_target = "stderr";  // stderr | syslog | an absolute path
  // The field in which a leaving message says what was foreseen; empty: none.
  std::string record_header;
  MilterConfig milter;
  DnsConfig dns;
  CacheConfig cache;
  std::vector<EgressRoute> egress;
  std::string egress_header = "X-Postern-Egress";
  EgressCheckConfig egress_check;
  SigningConfig signing;
  SendersConfig senders;
  MungeConfig munge;
  // The envelope sender is switched to a mailbox of this domain when its own
  // domain forbids our egress (sender.bounce_domain). None: never switched.
  std::optional<Domain> bounce_domain;
  std::string sender_rewrite = "verp";  // or srs, off
  // Header fields that a remedy changes are kept as X-Original-NAME.
  bool keeps_originals = false;
  std::string default_subject;  // empty: none is added
  // Names of fields that may go where a header is too large; a name that ends
  // in "*" stands for all that begin so.
  std::vector<std::string> expendable_fields;
  std::vector<MasqueradeRule> masquerade;
  std::string sender_secret_file;
  // Read from that file: the first one signs, all verify.
  std::vector<std::string> sender_secrets;
  ArcConfig arc;
  ClamdConfig clamd;
  CheckPolicies checks;
  std::vector<StreamConfig> streams;  // in file order
  std::vector<LimitRule> limits;
  // What happens to mail above a receiver's published rates.
  LimitOver pace = LimitOver::kAuto;
  // The limits, then those that the receivers' rates and the warm-ups make.
  std::vector<LimitRule> limits_in_force;
  CountersConfig counters;
  RedisConfig redis;
  HijackConfig hijack;
  RampConfig ramp;
  std::vector<WarmUpConfig> warm_ups;
  // Run when a limit is nearly used up or a login seems hijacked; empty: none.
  std::string alert_command;
  HoldsConfig holds;
  std::string receivers_directory;         // empty: the built-in profiles
  std::string shorteners_file;             // empty: the built-in list
  std::string mailbox_providers_file;      // empty: the built-in list
  std::string mail_domains_file;           // empty: the built-in list
  std::string mail_domain_typos_file;      // empty: the built-in list
  std::string dead_domains_file;           // empty: the built-in list
  std::string blocklists_file;             // empty: the built-in ones
  std::vector<ReceiverProfile> receivers;  // in file order; "selfhost" is last
  std::string link_hosts_file;             // empty: the built-in list alone
  std::string brand_hosts_file;            // empty: the built-in list
  std::string bad_links_file;              // empty: none
  LinksConfig links;
  // Never null once loaded.
  std::shared_ptr<const LinkHosts> link_hosts;
  std::shared_ptr<const BrandHosts> brand_hosts;
  std::set<std::string, std::less<>> bad_links;          // hosts, lower case
  std::set<std::string, std::less<>> mailbox_providers;  // domains, likewise
  // Domains of large mailbox providers, misspellings of them that are known and
  // may resolve, and domains whose mail service was closed; lower case.
  std::set<std::string, std::less<>> mail_domains;
  std::set<std::string, std::less<>> mail_domain_typos;
  std::set<std::string, std::less<>> dead_domains;
  std::vector<Blocklist> blocklists;
  std::string phrases_file;  // empty: the built-in list
  std::string brands_file;   // empty: the built-in list
  // Of those files, compiled; null: nothing is searched.
  std::shared_ptr<const PhraseList> phrases;
  // A message to as many recipients at once is one of many.
  int many_recipients = 50;
  SecondOpinionConfig second_opinion;
};

}  // namespace postern
