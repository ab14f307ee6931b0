#include "policy/facts/scripted_dns.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr int kMaxCnames = 16;

std::optional<std::string_view> ParentOf(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  return name.substr(dot + 1);
}

}  // namespace

Result<std::unique_ptr<ScriptedDns>> ScriptedDns::Parse(
    std::string_view zone_lines, std::string_view file_name) {
  auto dns = std::make_unique<ScriptedDns>();
  int number = 0;
  for (const std::string_view text : Split(zone_lines, '\n')) {
    ++number;
    Result<std::optional<ZoneLine>> line = ParseZoneLine(text);
    Result<void> added;
    if (!line) {
      added = std::unexpected(line.error());
    } else if (*line) {
      added = dns->Add(std::move(**line));
    }
    if (!added)
      return Fail(
          fmt::format("{}:{}: {}", file_name, number, added.error().message));
  }
  return dns;
}

Result<void> ScriptedDns::Add(ZoneLine line) {
  // Everything above a name that exists, exists as well (RFC 8020).
  if (line.status != DnsStatus::kNxDomain)
    for (auto above = ParentOf(line.name); above; above = ParentOf(*above))
      nodes_.try_emplace(std::string(*above));
  Node& node = nodes_[line.name];
  if (!line.type) {
    node.otherwise = line.status;
    return {};
  }
  const auto [place, is_new] = node.answers.try_emplace(
      *line.type, DnsAnswer{line.status, {}, line.ttl});
  DnsAnswer& answer = place->second;
  if (!is_new && answer.status != line.status)
    return Fail(fmt::format("contradicts an earlier line for {} {}", line.name,
                            ToString(*line.type)));
  if (line.status == DnsStatus::kOk)
    answer.records.push_back(std::move(line.record));
  return {};
}

// The node of a name: its own, or the wildcard below the closest encloser
// (RFC 4592 s.3.3.1).
const ScriptedDns::Node* ScriptedDns::Find(std::string_view name) const {
  const auto own = nodes_.find(name);
  if (own != nodes_.end()) return &own->second;
  auto encloser = ParentOf(name);
  while (encloser && !nodes_.contains(*encloser))
    encloser = ParentOf(*encloser);
  const auto wildcard =
      nodes_.find(encloser ? fmt::format("*.{}", *encloser) : "*");
  return wildcard == nodes_.end() ? nullptr : &wildcard->second;
}

DnsAnswer ScriptedDns::Ask(std::string_view name, RrType type,
                           Deadline /*deadline*/) {
  std::optional<std::string> asked = QueryName(name);
  for (int step = 0; asked && step <= kMaxCnames; ++step) {
    const Node* node = Find(*asked);
    if (node == nullptr) return {DnsStatus::kNxDomain, {}, {}};
    const auto own = node->answers.find(type);
    if (own != node->answers.end()) return own->second;
    const auto alias = node->answers.find(RrType::kCname);
    if (alias == node->answers.end()) return {node->otherwise, {}, {}};
    if (alias->second.records.empty()) return {alias->second.status, {}, {}};
    asked = QueryName(alias->second.records.front().value);
  }
  return {asked ? DnsStatus::kTempError : DnsStatus::kNxDomain, {}, {}};
}

}  // namespace postern
