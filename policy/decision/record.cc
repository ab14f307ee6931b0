#include "policy/decision/record.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxBytes = 1'500;
constexpr std::size_t kMaxValue = 255;
constexpr std::size_t kMaxSignatures = 5;
constexpr std::size_t kMaxNamed = 4;    // addresses or receivers in a comment
constexpr std::size_t kMaxEntries = 4;  // of one method
constexpr std::size_t kMaxFields = 12;
constexpr std::size_t kMaxFieldName = 60;

// RFC 2045 s.5.1: what may stand unquoted; domain names may always.
bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsAlnum(c) || c == '.' || c == '-' || c == '_';
  });
}

// A pvalue (RFC 8601 s.2.2).
std::string Value(std::string_view text) {
  text = text.substr(0, kMaxValue);
  if (IsToken(text)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c >= ' ' && c < 0x7f ? c : '?';
  }
  return quoted + '"';
}

// "(at a, b, 3 more)", of words that need no escaping.
std::string Comment(std::string_view word,
                    const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMaxNamed); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMaxNamed)
    text += fmt::format(", {} more", names.size() - kMaxNamed);
  return text.empty() ? text : fmt::format(" ({} {})", word, text);
}

// The worse, the earlier.
int Order(SpfResult result) {
  switch (result) {
    case SpfResult::kFail:
      return 0;
    case SpfResult::kPermError:
      return 1;
    case SpfResult::kSoftfail:
      return 2;
    case SpfResult::kNone:
      return 3;
    case SpfResult::kNeutral:
      return 4;
    case SpfResult::kTempError:
      return 5;
    case SpfResult::kPass:
      return 6;
  }
  return 0;
}

int Order(DmarcResult result) {
  switch (result) {
    case DmarcResult::kFail:
      return 0;
    case DmarcResult::kPermError:
      return 1;
    case DmarcResult::kTempError:
      return 2;
    case DmarcResult::kNone:
      return 3;
    case DmarcResult::kPass:
      return 4;
  }
  return 0;
}

// Entries by how bad they are, each with the names it holds for.
class Entries {
 public:
  void Add(int order, const std::string& text, const std::string& name) {
    std::vector<std::string>& names = entries_[{order, text}];
    const bool is_new = !name.empty() && std::find(names.begin(), names.end(),
                                                   name) == names.end();
    if (is_new) names.push_back(name);
  }
  void WriteTo(std::string_view word, std::vector<std::string>* out) const {
    std::size_t count = 0;
    for (const auto& [entry, names] : entries_)
      if (++count <= kMaxEntries)
        out->push_back(entry.second + Comment(word, names));
  }

 private:
  std::map<std::pair<int, std::string>, std::vector<std::string>> entries_;
};

void AddSpf(const Facts& facts, std::vector<std::string>* out) {
  Entries entries;
  for (const SpfFact& spf : facts.spf)
    entries.Add(Order(spf.result),
                fmt::format("spf={} smtp.{}={}", ToString(spf.result),
                            spf.is_helo_identity ? "helo" : "mailfrom",
                            Value(spf.domain)),
                spf.egress);
  if (facts.spf.empty()) out->push_back("spf=none (no egress configured)");
  entries.WriteTo("at", out);
}

void AddDkim(const Facts& facts, std::vector<std::string>* out) {
  if (facts.dkim.empty()) out->push_back("dkim=none");
  std::size_t count = 0;
  for (const DkimFact& dkim : facts.dkim) {
    if (++count > kMaxSignatures) continue;
    std::string text = fmt::format("dkim={}", ToString(dkim.result));
    if (!dkim.domain.empty()) text += " header.d=" + Value(dkim.domain);
    if (!dkim.selector.empty()) text += " header.s=" + Value(dkim.selector);
    if (!dkim.algorithm.empty()) text += " header.a=" + Value(dkim.algorithm);
    out->push_back(std::move(text));
  }
}

void AddDmarc(const Facts& facts, std::vector<std::string>* out) {
  if (!facts.author_domain) {
    out->push_back("dmarc=none");
    return;
  }
  Entries entries;
  for (const DmarcOutcome& outcome : facts.dmarc.all) {
    const bool is_nobodys =
        outcome.receivers.empty() &&
        (!facts.recipients.empty() || outcome.method != DmarcMethod::kTreeWalk);
    if (is_nobodys) continue;
    const DmarcDiscovery& discovery = facts.dmarc.By(outcome.method);
    std::string text = fmt::format("dmarc={}", ToString(outcome.result));
    // RFC 9989 s.9.1 registers polrec.
    if (discovery.found_at) {
      text += fmt::format(" polrec.p={}", ToString(discovery.policy));
      if (*discovery.found_at != *facts.author_domain)
        text += " polrec.domain=" + Value(discovery.found_at->text());
    }
    text += " header.from=" + Value(facts.author_domain->text());
    if (outcome.receivers.empty()) entries.Add(Order(outcome.result), text, "");
    for (const std::string& receiver : outcome.receivers)
      entries.Add(Order(outcome.result), text, receiver);
  }
  entries.WriteTo("for", out);
}

// The field's name; empty: of no field.
std::string FieldChanged(const Edit& edit) {
  if (const auto* set = std::get_if<SetHeader>(&edit)) return set->name;
  if (const auto* gone = std::get_if<DeleteHeader>(&edit)) return gone->name;
  if (const auto* added = std::get_if<InsertHeader>(&edit)) return added->name;
  return {};
}

}  // namespace

std::string AuthenticationRecord(const Facts& facts) {
  std::vector<std::string> entries;
  AddSpf(facts, &entries);
  AddDkim(facts, &entries);
  AddDmarc(facts, &entries);
  std::string record = entries.front();
  std::size_t written = 1;
  while (written < entries.size() &&
         record.size() + entries[written].size() + 2 <= kMaxBytes)
    record += "; " + entries[written++];
  if (written < entries.size())
    record += fmt::format(" ({} more)", entries.size() - written);
  return record;
}

std::string ShortLinkRecord(const Facts& facts) {
  std::string record;
  for (const ShortLink& link : facts.linking.short_links) {
    const Link& asked = facts.links[link.link];
    if (!record.empty()) record += ", ";
    const std::size_t begin = asked.url.find("//");
    record += begin == asked.url.npos ? asked.url : asked.url.substr(begin + 2);
    const Expansion& found = link.expansion;
    record += "=";
    record += found.result == Expansion::Result::kTarget
                  ? HostOfUrl(found.url).host
                  : std::string(ToString(found.result));
  }
  return record;
}

std::string ChangeRecord(const std::vector<Edit>& edits,
                         std::size_t links_changed) {
  std::vector<std::string> words;
  bool is_body_changed = false;
  for (const Edit& edit : edits) {
    is_body_changed |= std::holds_alternative<ReplaceBody>(edit);
    const std::string name = FieldChanged(edit);
    const bool is_new = !name.empty() && std::find(words.begin(), words.end(),
                                                   name) == words.end();
    if (is_new) words.push_back(name.substr(0, kMaxFieldName));
  }
  if (words.size() > kMaxFields) {
    const std::size_t more = words.size() - kMaxFields;
    words.resize(kMaxFields);
    words.push_back(fmt::format("{}-more", more));
  }
  if (is_body_changed) words.push_back("body");
  if (links_changed > 0)
    words.push_back(fmt::format("links:{}", links_changed));
  return Join(words, ",");
}

}  // namespace postern
