// The options of links and of the lists about them.

#include "policy/config/option_tables.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

Config& In(Owner at) { return *std::get<Config*>(at); }

constexpr Option kOptions[] = {
    {.path = "links.tracking_domains",
     .type = &kDomains,
     .value = "[]",
     .example = R"(["click.example.com"])",
     .doc = "Domains that count as every author's own in links: click trackers "
            "and image hosts of yours.",
     .slot = [](Owner at) -> Slot { return &In(at).links.tracking_domains; }},
    {.path = "links.blocklists",
     .type = &kBool,
     .value = "false",
     .doc = "Ask the DNS blocklists of names (lists.blocklists) about the "
            "domains of links and of the sender, at most 20 a message.",
     .slot = [](Owner at) -> Slot { return &In(at).links.blocklists; }},
    {.path = "links.resolve",
     .type = &kBool,
     .value = "false",
     .doc = "Ask DNS whether the hosts of links exist, at most 20 a message.",
     .slot = [](Owner at) -> Slot { return &In(at).links.resolve; }},
    {.path = "links.replace",
     .type = &kBool,
     .value = "false",
     .doc = "Replace links through a redirector by the target that their URL "
            "names, and short links by the target that links.expand found; "
            "never in what others signed.",
     .slot = [](Owner at) -> Slot { return &In(at).links.replace; }},
    {.path = "links.expand",
     .type = &kBool,
     .value = "false",
     .doc = "Ask listed shorteners over HTTP where their links lead. They "
            "learn that a link is being sent, and may count a visit. Links "
            "that may be personal are not asked.",
     .slot = [](Owner at) -> Slot { return &In(at).links.expand; }},
    {.path = "links.expand_time",
     .type = &kDuration,
     .value = R"("5s")",
     .doc = "How long the short links of one message may take together; one "
            "question may take half of it.",
     .slot = [](Owner at) -> Slot { return &In(at).links.expand_time; },
     .least = 100,
     .most = 60'000},
    {.path = "links.expand_hops",
     .type = &kInteger,
     .value = "5",
     .doc = "How many redirects from shortener to shortener are followed; the "
            "target itself is never fetched.",
     .slot = [](Owner at) -> Slot { return &In(at).links.expand_hops; },
     .least = 1,
     .most = 10},
    {.path = "links.expand_ttl",
     .type = &kDuration,
     .value = R"("1h")",
     .doc = "How long it is remembered where a short link leads; that a "
            "shortener did not answer, for a minute at most.",
     .slot = [](Owner at) -> Slot { return &In(at).links.expand_ttl; },
     .least = 1'000,
     .most = 604'800'000},
    {.path = "lists.shorteners",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/shorteners.txt")",
     .doc = "A list of URL shorteners, a host a line, that replaces the "
            "built-in ones; empty: built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).shorteners_file; }},
    {.path = "lists.link_hosts",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/link-hosts.txt")",
     .doc = "Changes to the built-in list of link hosts: \"host class\" adds "
            "one, \"-host\" removes one; empty: none.",
     .slot = [](Owner at) -> Slot { return &In(at).link_hosts_file; }},
    {.path = "lists.brand_hosts",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/brand-hosts.txt")",
     .doc = "A list of brands that others imitate, \"brand domain\" a line, "
            "that replaces the built-in one; empty: built-in.",
     .slot = [](Owner at) -> Slot { return &In(at).brand_hosts_file; }},
    {.path = "lists.bad_links",
     .type = &kPath,
     .value = R"("")",
     .example = R"("/etc/postern/bad-links.txt")",
     .doc = "A list of hosts that no link may lead to, names below them "
            "included, a host a line; empty: none.",
     .slot = [](Owner at) -> Slot { return &In(at).bad_links_file; }},
};

}  // namespace

std::span<const Option> LinksOptions() { return kOptions; }

}  // namespace postern
