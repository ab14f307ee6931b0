#include "policy/config/blocklists.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/config/files.h"
#include "policy/config/fill.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

constexpr std::size_t kMostLists = 64;  // each is asked about every egress
constexpr std::size_t kLongestMeaning = 80;

Blocklist& List(Owner at) { return *std::get<Blocklist*>(at); }

std::optional<std::string> Octets(std::string_view text) {
  const auto address = IpAddress::Parse(text);
  if (!address || address->family() != IpAddress::Family::kV4)
    return std::nullopt;
  return std::string(address->octets());
}

// RFC 5782 s.2.1: the codes are in 127.0.0.0/8.
std::optional<ReturnCode> ParseReturnCode(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const std::string_view range = text.substr(0, blank);
  const std::size_t dash = range.find('-');
  const auto first = Octets(range.substr(0, dash));
  const auto last =
      dash == std::string_view::npos ? first : Octets(range.substr(dash + 1));
  const std::string meaning(Trim(text.substr(blank)));
  if (!first || !last || *last < *first || meaning.empty() ||
      meaning.size() > kLongestMeaning || first->front() != 127 ||
      last->front() != 127)
    return std::nullopt;
  return ReturnCode{*first, *last, meaning};
}

bool TakeReturnCodes(const Arrival& arrival) {
  auto code = ParseReturnCode(arrival.text());
  if (!code) return false;
  std::get<std::vector<ReturnCode>*>(arrival.slot)->push_back(std::move(*code));
  return true;
}
std::vector<std::string> PrintReturnCodes(Slot slot) {
  std::vector<std::string> printed;
  for (const ReturnCode& code : *std::get<std::vector<ReturnCode>*>(slot)) {
    std::string range = IpAddress::FromOctets(code.first)->ToString();
    if (code.last != code.first)
      range += "-" + IpAddress::FromOctets(code.last)->ToString();
    printed.push_back(QuoteToml(range + " " + code.meaning));
  }
  return printed;
}

bool TakeListKind(const Arrival& arrival) {
  const bool is_names = arrival.text() == "names";
  *std::get<bool*>(arrival.slot) = is_names;
  return is_names || arrival.text() == "addresses";
}
std::vector<std::string> PrintListKind(Slot slot) {
  return {QuoteToml(*std::get<bool*>(slot) ? "names" : "addresses")};
}

Result<Instance> AddList(Owner parent, const std::string& /*name*/) {
  auto& lists = *std::get<std::vector<Blocklist>*>(parent);
  if (lists.size() == kMostLists)
    return Fail(fmt::format("more than {} lists", kMostLists));
  return Instance{"", &lists.emplace_back()};
}
std::vector<Instance> ListLists(Owner parent) {
  std::vector<Instance> instances;
  for (Blocklist& list : *std::get<std::vector<Blocklist>*>(parent))
    instances.push_back({"", &list});
  return instances;
}

constexpr Group kGroups[] = {{.path = "blocklists[]",
                              .example = "",
                              .doc = "One DNS blocklist.",
                              .add = AddList,
                              .list = ListLists}};

constexpr Option kOptions[] = {
    {.path = "blocklists[].zone",
     .type = &kHostName,
     .example = R"("zen.spamhaus.org")",
     .doc = "The zone that is asked.",
     .slot = [](Owner at) -> Slot { return &List(at).zone; },
     .presence = Presence::kRequired},
    {.path = "blocklists[].lists",
     .type = &kListKind,
     .value = R"("addresses")",
     .doc = "What it lists: addresses or names.",
     .slot = [](Owner at) -> Slot { return &List(at).lists_names; }},
    {.path = "blocklists[].certain",
     .type = &kBool,
     .value = "false",
     .doc = "Whether most receivers refuse what it lists.",
     .slot = [](Owner at) -> Slot { return &List(at).is_certain; }},
    {.path = "blocklists[].listed",
     .type = &kReturnCodes,
     .example = R"(["127.0.0.2 SBL"])",
     .doc = "The answers that mean listed, each with its meaning.",
     .slot = [](Owner at) -> Slot { return &List(at).listed; },
     .presence = Presence::kRequired},
    {.path = "blocklists[].dynamic_range",
     .type = &kReturnCodes,
     .value = "[]",
     .example = R"(["127.0.0.10-127.0.0.11 PBL"])",
     .doc = "The answers that mean a range from which no mail server sends.",
     .slot = [](Owner at) -> Slot { return &List(at).dynamic_range; }},
    {.path = "blocklists[].test_entry",
     .type = &kHostName,
     .value = R"("")",
     .example = R"("dbltest.com")",
     .doc = "What a list of names must list, to see that it answers.",
     .slot = [](Owner at) -> Slot { return &List(at).test_entry; }},
    {.path = "blocklists[].removal",
     .type = &kText,
     .value = R"("")",
     .doc = "Where to look up a listing and ask for its end.",
     .slot = [](Owner at) -> Slot { return &List(at).removal; }},
};

}  // namespace

constinit const ValueType kListKind = {
    "kind of list", R"("addresses" or "names")",
    Shape::kText,   Plurality::kOne,
    TakeListKind,   PrintListKind};
constinit const ValueType kReturnCodes = {
    "return code",   R"("127.0.0.2 SBL" or "127.0.0.4-127.0.0.7 XBL")",
    Shape::kText,    Plurality::kList,
    TakeReturnCodes, PrintReturnCodes};

BlocklistsRead ParseBlocklists(std::string_view text, const std::string& file) {
  BlocklistsRead read;
  const auto table = ParseToml(text, file);
  if (!table) return {{}, {table.error()}};
  FillReport report = Fill(*table, {kOptions, kGroups}, &read.lists, file);
  read.faults = std::move(report.faults);
  std::set<std::string> zones;
  for (std::size_t i = 0; i < read.lists.size(); ++i) {
    Blocklist& list = read.lists[i];
    list.zone = ToLower(list.zone);
    if (zones.insert(list.zone).second) continue;
    const std::string path = fmt::format("blocklists[{}].zone", i);
    read.faults.push_back({file, report.places[path],
                           path + ": " + list.zone + " is listed twice"});
  }
  return read;
}

BlocklistsRead LoadBlocklists(const std::string& file) {
  const Result<std::string> text = ReadTextFile(file);
  if (!text) return {{}, {{file, {}, "cannot be read"}}};
  return ParseBlocklists(*text, file);
}

BlocklistsRead BuiltInBlocklists() {
  for (const BuiltInFile& file : BuiltInFiles())
    if (file.path == "lists/blocklists.toml")
      return ParseBlocklists(file.text, std::string(file.path));
  return {};
}

}  // namespace postern
