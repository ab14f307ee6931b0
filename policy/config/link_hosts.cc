#include "policy/config/link_hosts.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "policy/base/domain.h"
#include "policy/base/text.h"
#include "policy/config/files.h"

namespace postern {
namespace {

constexpr std::array<std::pair<std::string_view, HostClass>, 8> kClasses = {{
    {"shortener", HostClass::kShortener},
    {"brand-shortener", HostClass::kBrandShortener},
    {"redirector", HostClass::kRedirector},
    {"click-tracker", HostClass::kClickTracker},
    {"security-rewriter", HostClass::kSecurityRewriter},
    {"dynamic-dns", HostClass::kDynamicDns},
    {"free-hosting", HostClass::kFreeHosting},
    {"tunnel", HostClass::kTunnel},
}};

std::optional<HostClass> ClassNamed(std::string_view name) {
  for (const auto& [known, host_class] : kClasses)
    if (known == name) return host_class;
  return std::nullopt;
}

// The words of a line.
std::vector<std::string_view> WordsOf(std::string_view line) {
  std::vector<std::string_view> words;
  for (const std::string_view word : Split(line, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

// With the dot in front where it was.
std::optional<std::string> HostOf(std::string_view written) {
  const bool is_below = written.starts_with('.');
  const auto host = Domain::Parse(written.substr(is_below ? 1 : 0));
  if (!host) return std::nullopt;
  return (is_below ? "." : "") + host->text();
}

}  // namespace

std::string_view ToString(HostClass host_class) {
  for (const auto& [name, known] : kClasses)
    if (known == host_class) return name;
  return "plain";
}

std::optional<std::string> LinkHosts::Take(std::string_view line) {
  const bool is_removal = line.starts_with('-');
  if (is_removal || line.starts_with('+')) line.remove_prefix(1);
  const std::vector<std::string_view> words = WordsOf(line);
  const auto host = words.empty() ? std::nullopt : HostOf(words[0]);
  if (!host)
    return fmt::format("not a host: \"{}\"",
                       EscapeForLog(words.empty() ? line : words[0], 60));
  if (is_removal) {
    entries_.erase(*host);
    return std::nullopt;
  }
  const auto host_class =
      words.size() < 2 ? std::nullopt : ClassNamed(words[1]);
  if (!host_class)
    return fmt::format(
        "\"{}\" needs a class: shortener, brand-shortener, redirector, "
        "click-tracker, security-rewriter, dynamic-dns, free-hosting or tunnel",
        EscapeForLog(words[0], 60));
  const std::span<const std::string_view> notes = std::span(words).subspan(2);
  const auto is_odd = [&](std::string_view note) {
    return *host_class == HostClass::kShortener && note != kGetNote &&
           !note.starts_with(kAbuseNote);
  };
  if (std::ranges::any_of(notes, is_odd))
    return fmt::format(
        "a shortener's notes are \"get\", \"abuse:STATUS\" and "
        "\"abuse:host/path\": {}",
        EscapeForLog(line, 100));
  Entry& entry = entries_[*host];
  if (entry.host_class != *host_class) entry = {*host_class, {}};
  for (const std::string_view note : notes) entry.notes.emplace_back(note);
  return std::nullopt;
}

std::vector<WrongLine> LinkHosts::Read(std::string_view text) {
  std::vector<WrongLine> wrong;
  int line = 0;
  for (std::string_view content : Split(text, '\n')) {
    ++line;
    content = Trim(content.substr(0, content.find('#')));
    if (content.empty()) continue;
    if (std::optional<std::string> fault = Take(content))
      wrong.push_back({line, *fault});
  }
  return wrong;
}

void LinkHosts::ReplaceShorteners(
    const std::set<std::string, std::less<>>& hosts) {
  std::erase_if(entries_, [&](const auto& known) {
    return (known.second.host_class == HostClass::kShortener ||
            known.second.host_class == HostClass::kBrandShortener) &&
           !hosts.contains(known.first);
  });
  for (const std::string& host : hosts) {
    Entry& entry = entries_[host];
    if (entry.host_class != HostClass::kShortener)
      entry = {HostClass::kShortener, {}};
  }
}

const LinkHosts::Entry* LinkHosts::Find(std::string_view host) const {
  if (const auto own = entries_.find(host); own != entries_.end())
    return &own->second;
  for (std::size_t dot = host.find('.'); dot != host.npos;
       dot = host.find('.', dot + 1)) {
    for (const std::string_view name : {host.substr(dot), host.substr(dot + 1)})
      if (const auto parent = entries_.find(name); parent != entries_.end())
        return &parent->second;
  }
  return nullptr;
}

HostClass LinkHosts::ClassOf(std::string_view host) const {
  const Entry* entry = Find(host);
  return entry == nullptr ? HostClass::kPlain : entry->host_class;
}

LinkHosts BuiltInLinkHosts() {
  LinkHosts hosts;
  // A fault in a built-in file is ours and fails a unit test.
  for (const BuiltInFile& file : BuiltInFiles())
    if (file.path == "lists/link-hosts.txt") (void)hosts.Read(file.text);
  return hosts;
}

}  // namespace postern
