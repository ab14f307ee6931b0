#include "policy/config/sender_map.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "policy/base/domain.h"
#include "policy/base/glob.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMostFaults = 20;
constexpr std::size_t kLongestLine = 65'536;

struct Parts {
  std::string local;
  std::string domain;
};

// In comparable form; a domain that is none (an address literal) stays a text.
Parts PartsOf(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return {ToLower(address), ""};
  Parts parts;
  std::string_view local = address.substr(0, at);
  // A quoted-string is the same mailbox as the word in it (RFC 5321 s.4.1.2).
  const bool is_quoted =
      local.size() >= 2 && local.front() == '"' && local.back() == '"';
  if (is_quoted) local = local.substr(1, local.size() - 2);
  for (std::size_t i = 0; i < local.size(); ++i) {
    if (is_quoted && local[i] == '\\' && i + 1 < local.size()) ++i;
    parts.local += ToLower(local[i]);
  }
  const std::optional<Domain> domain = Domain::Parse(address.substr(at + 1));
  parts.domain = domain ? domain->text() : ToLower(address.substr(at + 1));
  return parts;
}

// One pattern against an address that is not null.
bool Covers(std::string_view pattern, const Parts& address,
            std::string_view separator) {
  if (pattern == "*") return true;
  if (pattern.starts_with('@')) return address.domain == pattern.substr(1);
  if (pattern.starts_with('.'))
    return address.domain.size() > pattern.size() &&
           address.domain.ends_with(pattern);
  const std::size_t at = pattern.rfind('@');
  if (at == std::string_view::npos || address.domain != pattern.substr(at + 1))
    return false;
  const std::string_view glob = pattern.substr(0, at);
  if (MatchesGlob(address.local, glob)) return true;
  const std::size_t detail =
      separator.empty() ? std::string::npos : address.local.find(separator, 1);
  return detail != std::string::npos &&
         MatchesGlob(std::string_view(address.local).substr(0, detail), glob);
}

bool IsPlainText(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == ',' ||
           c == '<' || c == '>' || c == '"' || c == '\\';
  });
}

std::vector<std::string_view> Words(std::string_view text,
                                    std::string_view between) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = text.find_first_not_of(between, at);
    if (start == std::string_view::npos) break;
    at = std::min(text.find_first_of(between, start), text.size());
    words.push_back(text.substr(start, at - start));
  }
  return words;
}

// Empty: understood. Else what is wrong with the line.
std::string ReadLine(std::string_view line, SenderMap* map) {
  if (line.size() > kLongestLine) return "longer than 64 KiB";
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  std::vector<std::string_view> what = Words(line.substr(end), " \t,");
  what.erase(
      std::find_if(what.begin(), what.end(),
                   [](std::string_view word) { return word.front() == '#'; }),
      what.end());
  if (what.empty())
    return R"(allows nothing; write "login address", or "login none")";
  for (const std::string_view who : Words(line.substr(0, end), ",")) {
    if (!SenderMap::KeyOf(who))
      return fmt::format(
          "not a login, uid:NUMBER, net:ADDRESS/BITS or local: \"{}\"",
          EscapeForLog(who, 60));
    for (const std::string_view word : what)
      if (!map->Allow(who, word))
        return fmt::format(
            "not an address, @domain, .domain, *, <> or none: \"{}\"",
            EscapeForLog(word, 60));
  }
  return {};
}

}  // namespace

std::optional<std::string> SenderMap::KeyOf(std::string_view who) {
  if (who.size() > 1000) return std::nullopt;
  const std::string text = ToLower(who);
  if (text == "local") return text;
  if (text.starts_with("uid:")) {
    unsigned uid = 0;
    const char* const stop = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data() + 4, stop, uid);
    if (error != std::errc() || end != stop) return std::nullopt;
    return fmt::format("uid:{}", uid);
  }
  if (text.starts_with("net:")) {
    const std::optional<IpNetwork> network = IpNetwork::Parse(text.substr(4));
    if (!network) return std::nullopt;
    return "net:" + network->ToString();
  }
  const std::string_view login =
      text.starts_with("login:") ? std::string_view(text).substr(6) : text;
  const bool is_plain =
      !login.empty() && std::none_of(login.begin(), login.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == ',';
      });
  if (!is_plain) return std::nullopt;
  return fmt::format("login:{}", login);
}

std::optional<std::string> SenderMap::PatternOf(std::string_view what) {
  if (what == "*" || what == "<>") return std::string(what);
  if (what == "none") return std::string();
  if (what.size() > 1000 || !IsPlainText(what)) return std::nullopt;
  const std::size_t at = what.starts_with('.') ? 0 : what.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view local = what.substr(0, at);
  const std::optional<Domain> domain = Domain::Parse(what.substr(at + 1));
  if (!domain || local.find('@') != std::string_view::npos) return std::nullopt;
  return ToLower(local) + what[at] + domain->text();
}

bool SenderMap::Allow(std::string_view who, std::string_view what) {
  const std::optional<std::string> key = KeyOf(who);
  const std::optional<std::string> pattern = PatternOf(what);
  if (!key || !pattern) return false;
  std::string& patterns = allowed_[*key];
  if (!pattern->empty() && !patterns.empty()) patterns += ' ';
  patterns += *pattern;
  if (key->starts_with("net:"))
    network_bits_.insert(IpNetwork::Parse(key->substr(4))->bits());
  return true;
}

std::optional<std::string_view> SenderMap::Find(const std::string& key) const {
  const auto it = allowed_.find(key);
  if (it == allowed_.end()) return std::nullopt;
  return it->second;
}

std::optional<std::string_view> SenderMap::OfLogin(
    std::string_view login) const {
  return Find("login:" + ToLower(login));
}

std::optional<std::string_view> SenderMap::OfUid(unsigned uid) const {
  return Find(fmt::format("uid:{}", uid));
}

std::optional<std::string_view> SenderMap::OfLocal() const {
  return Find("local");
}

std::optional<std::string_view> SenderMap::OfClient(
    const IpAddress& client) const {
  for (const int bits : network_bits_) {
    const std::optional<IpNetwork> network = IpNetwork::Around(client, bits);
    if (!network) continue;
    if (const auto found = Find("net:" + network->ToString())) return found;
  }
  return std::nullopt;
}

SenderMap::Read SenderMap::Parse(std::string_view text,
                                 const std::string& file) {
  Read read;
  int number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = Trim(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const std::string fault = ReadLine(line, &read.map);
    if (fault.empty()) continue;
    read.faults.push_back({file, {number, 1}, fault});
    if (read.faults.size() == kMostFaults) break;
  }
  return read;
}

bool Permits(std::string_view patterns, std::string_view address,
             std::string_view separator) {
  const std::vector<std::string_view> words = Words(patterns, " ");
  if (address.empty())
    return std::find(words.begin(), words.end(), "<>") != words.end();
  const Parts parts = PartsOf(address);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return word != "<>" && Covers(word, parts, separator);
  });
}

std::string_view FirstAddress(std::string_view patterns) {
  for (const std::string_view word : Words(patterns, " "))
    if (word.find('@', 1) != std::string_view::npos &&
        word.find('*') == std::string_view::npos)
      return word;
  return {};
}

}  // namespace postern
