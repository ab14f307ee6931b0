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
            "names; never in what others signed.",
     .slot = [](Owner at) -> Slot { return &In(at).links.replace; }},
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
