// The options of who sends, from where and signed by whom.

#include "policy/config/option_tables.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

Config& In(Owner at) { return *std::get<Config*>(at); }
EgressRoute& Route(Owner at) { return *std::get<EgressRoute*>(at); }
SigningDomain& Signing(Owner at) { return *std::get<SigningDomain*>(at); }
SigningKey& Key(Owner at) { return *std::get<SigningKey*>(at); }

constexpr Option kOptions[] = {
    {.path = "egress_header",
     .type = &kExtensionFieldName,
     .value = R"("X-Postern-Egress")",
     .doc = "The header field that tells the MTA by which alternative route a "
            "message must leave; its value is the name of the route.",
     .slot = [](Owner at) -> Slot { return &In(at).egress_header; }},
    {.path = "egress.<name>.addresses",
     .type = &kAddresses,
     .example = R"(["192.0.2.1", "2001:db8::1"])",
     .doc = "The addresses that this way out connects from, IPv4 and IPv6; SPF "
            "is foreseen for these, never for the submitting client's.",
     .slot = [](Owner at) -> Slot { return &Route(at).addresses; },
     .presence = Presence::kRequired},
    {.path = "egress.<name>.helo_name",
     .type = &kHostName,
     .value = R"("")",
     .example = R"("mail.example.com")",
     .doc = "The name that the MTA says in EHLO there; empty: hostname.",
     .slot = [](Owner at) -> Slot { return &Route(at).helo_name; }},
    {.path = "egress.<name>.senders",
     .type = &kDomains,
     .value = "[]",
     .example = R"(["news.example.com"])",
     .doc = "The author domains whose mail leaves this way; empty: all.",
     .slot = [](Owner at) -> Slot { return &Route(at).senders; }},
    {.path = "egress.<name>.receivers",
     .type = &kNames,
     .value = "[]",
     .example = R"(["google", "yahoo"])",
     .doc = "The receivers that are reached this way; empty: all.",
     .slot = [](Owner at) -> Slot { return &Route(at).receivers; }},
    {.path = "egress.<name>.alternative",
     .type = &kBool,
     .value = "false",
     .doc = "Whether this way out is used only for mail that would be refused "
            "from the others and passes from here.",
     .slot = [](Owner at) -> Slot { return &Route(at).is_alternative; }},
    {.path = "egress.<name>.recipient_domain",
     .type = &kDomain,
     .example = R"("backup.egress.invalid")",
     .doc = "For an MTA that cannot route by a header field (Sendmail): "
            "recipients become bob%example.net@ this domain, which the MTA "
            "must undo; unset: egress_header is added.",
     .slot = [](Owner at) -> Slot { return &Route(at).recipient_domain; }},
    {.path = "egress.<name>.known_to",
     .type = &kNames,
     .value = "[]",
     .example = R"(["t-online"])",
     .doc = "The receivers that admit only addresses they know and have been "
            "asked to admit these.",
     .slot = [](Owner at) -> Slot { return &Route(at).known_to; }},
    {.path = "egress.<name>.starttls",
     .type = &kBool,
     .value = "true",
     .doc = "Whether the MTA uses TLS where the receiver offers it, which some "
            "receivers ask for; Postern cannot see it.",
     .slot = [](Owner at) -> Slot { return &Route(at).starttls; }},
    {.path = "egress.<name>.has_imprint",
     .type = &kBool,
     .value = "false",
     .doc = "Whether a web page at helo_name says who runs this server and how "
            "to reach them; t-online asks for it.",
     .slot = [](Owner at) -> Slot { return &Route(at).has_imprint; }},

    {.path = "egress_check.interval",
     .type = &kDuration,
     .value = R"("1h")",
     .doc = "How often PTR records, EHLO names and blocklists are asked about "
            "the ways out; sooner where something is wrong or not known.",
     .slot = [](Owner at) -> Slot { return &In(at).egress_check.interval; },
     .least = 60'000,
     .most = 604'800'000},
    {.path = "egress_check.blocklists",
     .type = &kBool,
     .value = "true",
     .doc = "Whether public DNS blocklists are asked too.",
     .slot = [](Owner at) -> Slot { return &In(at).egress_check.blocklists; }},

    {.path = "signing.enabled",
     .type = &kBool,
     .value = "true",
     .doc = "Whether messages are DKIM-signed, in every mode; without a domain "
            "below nothing is.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.enabled; }},
    {.path = "signing.mta_keeps_body",
     .type = &kBool,
     .value = "false",
     .doc = "Whether the MTA is told to send bodies as they are (see "
            "main.cf.snippet and sendmail.mc.snippet). If it is not, a body "
            "that it may convert or cut leaves unsigned where it is not "
            "mended.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.mta_keeps_body; }},
    {.path = "signing.unsigned",
     .type = &kUnsignedMail,
     .value = R"("pass")",
     .doc = "What is done in mode enforce with mail that would leave unsigned, "
            "for whatever reason: pass, hold, defer or reject.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.unsigned_mail; }},
    {.path = "signing.headers",
     .type = &kSignedHeaders,
     .value = "[]",
     .example = R"(["X-Campaign"])",
     .doc = "Header fields to sign besides those that always are; none that "
            "MTAs remove or change.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.headers; }},
    {.path = "signing.oversign",
     .type = &kSignedHeaders,
     .value = "[]",
     .example = R"(["List-Id"])",
     .doc = "Header fields to sign so that no further one can be added; From, "
            "Subject, To, Cc and Reply-To always are.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.oversign; }},
    {.path = "signing.expiry",
     .type = &kDuration,
     .value = R"("0s")",
     .example = R"("14d")",
     .doc = "How long after it is made a signature expires (x=), best more "
            "than the five days that MTAs try for; 0s: never.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.expiry; },
     .least = 0,
     .most = 31'536'000'000},
    {.path = "signing.fallback_domain",
     .type = &kDomain,
     .example = R"("example.com")",
     .doc = "The domain among those below that signs, not aligned, for authors "
            "that no other key is for; unset: they leave unsigned.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.fallback_domain; }},
    {.path = "signing.key_table",
     .type = &kDataSet,
     .value = R"("")",
     .example = R"("file:/etc/opendkim/key.table")",
     .doc = "OpenDKIM's KeyTable, read as OpenDKIM does; empty: none.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.key_table; }},
    {.path = "signing.signing_table",
     .type = &kDataSet,
     .value = R"("")",
     .example = R"("refile:/etc/opendkim/signing.table")",
     .doc = "OpenDKIM's SigningTable, for author domains without a key of "
            "their own below; empty: none.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.signing_table; }},
    {.path = "signing.multiple_signatures",
     .type = &kBool,
     .value = "false",
     .doc = "OpenDKIM's MultipleSignatures: every line of the signing table "
            "that matches signs, not the first alone.",
     .slot = [](Owner at) -> Slot {
       return &In(at).signing.multiple_signatures;
     }},
    {.path = "signing.self_check_first",
     .type = &kInteger,
     .value = "20",
     .doc = "How many of the first signatures of each key are verified before "
            "the message leaves.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.self_check_first; },
     .least = 0,
     .most = 1'000'000},
    {.path = "signing.self_check_share",
     .type = &kShare,
     .value = "0.01",
     .doc = "The share of the later signatures that is verified likewise.",
     .slot = [](Owner at) -> Slot { return &In(at).signing.self_check_share; }},
    {.path = "signing.domains.<domain>.subdomains",
     .type = &kBool,
     .value = "false",
     .doc = "Whether author domains below this one are signed for too.",
     .slot = [](Owner at) -> Slot { return &Signing(at).subdomains; }},
    {.path = "signing.domains.<domain>.unsigned",
     .type = &kUnsignedMailHere,
     .example = R"("hold")",
     .doc = "What is done with mail of this domain that would leave unsigned; "
            "unset: signing.unsigned.",
     .slot = [](Owner at) -> Slot { return &Signing(at).unsigned_mail; }},
    {.path = "signing.domains.<domain>.keys[].selector",
     .type = &kSelector,
     .example = R"("s2026")",
     .doc = "The selector under which DNS has the public key.",
     .slot = [](Owner at) -> Slot { return &Key(at).selector; },
     .presence = Presence::kRequired},
    {.path = "signing.domains.<domain>.keys[].file",
     .type = &kPath,
     .example = R"("keys/example.com.s2026.pem")",
     .doc = "The private key in PEM, RSA or Ed25519; relative to the folder of "
            "this file.",
     .slot = [](Owner at) -> Slot { return &Key(at).file; },
     .presence = Presence::kRequired},
    {.path = "signing.domains.<domain>.keys[].stage",
     .type = &kKeyStage,
     .value = R"("active")",
     .doc = "pending: not yet published everywhere; active: signs; retiring: "
            "published, signs no more; retired: may be gone.",
     .slot = [](Owner at) -> Slot { return &Key(at).stage; }},

    {.path = "sender.bounce_domain",
     .type = &kDomain,
     .example = R"("bounces.example.com")",
     .doc = "A domain of ours with MX and SPF to which the envelope sender is "
            "switched when its own domain forbids our egress; unset: never.",
     .slot = [](Owner at) -> Slot { return &In(at).bounce_domain; }},

    {.path = "sender.rewrite",
     .type = &kSenderRewrite,
     .value = R"("verp")",
     .doc = "How the original sender is written into the new one: verp "
            "(bounces+...), srs (SRS0=..., as forwarders do), or off: never.",
     .slot = [](Owner at) -> Slot { return &In(at).sender_rewrite; }},
    {.path = "sender.srs_secret_file",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/bounce.secret")",
     .doc =
         "Secrets, one a line, that sign switched senders, SRS and VERP: the "
         "first one signs, all verify; `postern bounce --new-secret` makes "
         "one.",
     .slot = [](Owner at) -> Slot { return &In(at).sender_secret_file; }},

    {.path = "arc.enabled",
     .type = &kBool,
     .value = "false",
     .doc = "Whether mail that is forwarded, and list mail of other authors, "
            "is ARC-sealed (RFC 8617), in every mode.",
     .slot = [](Owner at) -> Slot { return &In(at).arc.enabled; }},
    {.path = "arc.domain",
     .type = &kDomain,
     .example = R"("example.com")",
     .doc =
         "The domain that seals (d=); also the authserv-id of what we found.",
     .slot = [](Owner at) -> Slot { return &In(at).arc.domain; }},
    {.path = "arc.selector",
     .type = &kText,
     .value = R"("")",
     .example = R"("arc2026")",
     .doc = "The selector under which DNS has the public key.",
     .slot = [](Owner at) -> Slot { return &In(at).arc.selector; }},
    {.path = "arc.key_file",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/keys/arc.pem")",
     .doc = "The private key in PEM; RSA, because receivers read no other in "
            "ARC.",
     .slot = [](Owner at) -> Slot { return &In(at).arc.key_file; }},
    {.path = "arc.trusted_authserv_ids",
     .type = &kAuthservIds,
     .value = "[]",
     .example = R"(["mx.example.com"])",
     .doc =
         "Whose Authentication-Results on incoming mail are passed on in the "
         "seal; these hosts must remove forged ones (RFC 8601 s.5).",
     .slot = [](Owner at) -> Slot { return &In(at).arc.trusted_authserv_ids; }},
    {.path = "senders.map",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/senders")",
     .doc = "A file that says who may send as whom, a line each: login, space, "
            "addresses; read again at reload. Empty: only the rules here.",
     .slot = [](Owner at) -> Slot { return &In(at).senders.map_file; }},
    {.path = "senders.default",
     .type = &kUnlistedSenders,
     .value = R"("any")",
     .doc = "What a login may use that no rule names: any, own-domain or "
            "own-address (of a login that is an address), or none.",
     .slot = [](Owner at) -> Slot { return &In(at).senders.unlisted; }},
    {.path = "senders.null_sender",
     .type = &kBool,
     .value = "false",
     .doc = "Whether every login may use the null sender <>, as vacation "
            "notices do; else only one whose rule has \"<>\".",
     .slot = [](Owner at) -> Slot { return &In(at).senders.null_sender; }},
    {.path = "senders.separator",
     .type = &kSeparator,
     .value = R"("+")",
     .doc = "What begins the detail of a sub-address: who may use "
            "bob@example.com may use bob+shop@example.com; none: may not.",
     .slot = [](Owner at) -> Slot { return &In(at).senders.separator; }},
    {.path = "senders.rewrite",
     .type = &kBool,
     .value = "false",
     .doc = "Whether a sender or author that is not permitted is replaced by "
            "the first address of the rule, the author kept in Reply-To.",
     .slot = [](Owner at) -> Slot { return &In(at).senders.rewrite; }},
    {.path = "senders.rules.<who>.allow",
     .type = &kSenderPatterns,
     .example = R"(["alice@example.com", "@example.org", "<>"])",
     .doc = "What it may use: addresses (\"team-*@example.com\" too), domains "
            "(\"@example.org\"), subdomains (\".example.org\"), \"*\", "
            "\"<>\", or \"none\".",
     .slot = [](Owner at) -> Slot { return &std::get<SenderRule*>(at)->allow; },
     .presence = Presence::kRequired},

    {.path = "from.munge_address",
     .type = &kMailbox,
     .value = R"("")",
     .example = R"("lists@example.com")",
     .doc = "The address that takes the author's place in From where DMARC of "
            "the author's domain would have the message refused; the author "
            "is kept in Reply-To. Empty: see munge_domain.",
     .slot = [](Owner at) -> Slot { return &In(at).munge.address; }},
    {.path = "from.munge_domain",
     .type = &kDomain,
     .example = R"("munged.example.com")",
     .doc = "A domain of ours instead: the author becomes "
            "alice=example.net@ this domain. Neither: From is never munged.",
     .slot = [](Owner at) -> Slot { return &In(at).munge.domain; }},
    {.path = "from.masquerade.<domain>.becomes",
     .type = &kDomain,
     .example = R"("example.com")",
     .doc = "The public domain in its place.",
     .slot = [](Owner at) -> Slot {
       return &std::get<MasqueradeRule*>(at)->outside;
     },
     .presence = Presence::kRequired},
};

}  // namespace

std::span<const Option> IdentityOptions() { return kOptions; }

}  // namespace postern
