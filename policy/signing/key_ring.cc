// The key ring: sorted by domain, so that a look-up is one binary search for
// each label of the author domain, however many domains there are.

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/signing/key_cache.h"
#include "policy/signing/keys.h"

namespace postern {
namespace {

std::string PlaceOf(const Domain& domain, std::string_view selector) {
  return fmt::format("signing {}: selector \"{}\"", domain.text(), selector);
}

std::string_view ToString(KeyStage stage) {
  switch (stage) {
    case KeyStage::kPending:
      return "pending";
    case KeyStage::kActive:
      return "active";
    case KeyStage::kRetiring:
      return "retiring";
    case KeyStage::kRetired:
      return "retired";
  }
  return "";
}

Result<void> CheckSelectors(const SigningDomain& domain) {
  std::vector<std::string> known;
  for (const SigningKey& key : domain.keys) {
    const std::string place = PlaceOf(domain.domain, key.selector);
    // RFC 6376 s.3.1: a selector is one or more labels.
    const std::optional<Domain> selector = Domain::Parse(key.selector);
    if (!selector) return Fail(place + ": not a DNS name; file " + key.file);
    if (std::ranges::find(known, selector->text()) != known.end())
      return Fail(place + ": listed twice, again with file " + key.file);
    known.push_back(selector->text());
  }
  return {};
}

bool IsActive(const SigningKey& key) { return key.stage == KeyStage::kActive; }

// The d= of a signature that a row of the key table makes for an author.
std::optional<KeyReference> ReferenceOf(const KeyRow& row,
                                        const Domain* author_domain,
                                        const std::string& folder) {
  if (row.domain == "%" && author_domain == nullptr) return std::nullopt;
  std::optional<Domain> domain =
      row.domain == "%" ? *author_domain : Domain::Parse(row.domain);
  std::string path;
  for (const char c : row.key)
    path += c == '%' ? domain->text() : std::string(1, c);
  KeyReference key{.domain = *std::move(domain),
                   .selector = ToLower(row.selector),
                   .file = ""};
  if (row.IsPath())
    key.file = (std::filesystem::path(folder) / path).lexically_normal();
  else
    key.text = row.key;
  return key;
}

bool IsOf(const std::vector<KeyReference>& keys, const Domain& domain) {
  return std::ranges::any_of(
      keys, [&](const KeyReference& key) { return key.domain == domain; });
}

}  // namespace

std::string KeyInUse::RecordName() const {
  return fmt::format("{}._domainkey.{}", selector, domain.text());
}

KeyRing::KeyRing() : cache_(std::make_unique<KeyCache>()) {}
KeyRing::~KeyRing() = default;

Result<std::shared_ptr<const KeyRing>> KeyRing::Load(
    const SigningConfig& config) {
  auto ring = std::make_shared<KeyRing>();
  Result<void> done = ring->AddDomains(config);
  if (done) done = ring->ReadTables(config);
  if (!done) return std::unexpected(done.error());
  return ring;
}

Result<void> KeyRing::AddDomains(const SigningConfig& config) {
  has_multiple_signatures_ = config.multiple_signatures;
  fallback_domain_ = config.fallback_domain;
  unsigned_mail_ = config.unsigned_mail;
  entries_.reserve(config.domains.size());
  for (const SigningDomain& domain : config.domains) {
    const Result<void> selectors = CheckSelectors(domain);
    if (!selectors) return selectors;
    entries_.push_back(
        {domain.domain, domain.subdomains, domain.unsigned_mail, domain.keys});
  }
  std::ranges::sort(entries_, {}, &Entry::domain);
  const auto twice = std::ranges::adjacent_find(entries_, {}, &Entry::domain);
  if (twice == entries_.end()) return {};
  return Fail(fmt::format("signing {}: listed twice", twice->domain.text()));
}

Result<void> KeyRing::ReadTables(const SigningConfig& config) {
  if (config.key_table.empty()) return {};
  auto keys = KeyTable::Read(config.key_table);
  if (!keys) return std::unexpected(keys.error());
  key_table_ = *std::move(keys);
  table_folder_ = std::filesystem::path(ParseTableSource(config.key_table).file)
                      .parent_path();
  auto table = SigningTable::Read(config.signing_table, *key_table_);
  if (!table) return std::unexpected(table.error());
  signing_table_ = *std::move(table);
  return {};
}

const KeyRing::Entry* KeyRing::Find(const Domain& domain) const {
  const auto entry =
      std::ranges::lower_bound(entries_, domain, {}, &Entry::domain);
  return entry != entries_.end() && entry->domain == domain ? &*entry : nullptr;
}

const KeyRing::Entry* KeyRing::Nearest(const Domain& author_domain,
                                       bool (*is_wanted)(const Entry&)) const {
  std::optional<Domain> candidate = author_domain;
  while (candidate) {
    const Entry* entry = Find(*candidate);
    const bool is_for_author =
        entry != nullptr && (entry->subdomains || *candidate == author_domain);
    if (is_for_author && is_wanted(*entry)) return entry;
    candidate = candidate->Parent();
  }
  return nullptr;
}

std::vector<KeyReference> KeyRing::ActiveKeysOf(const Entry* entry) const {
  std::vector<KeyReference> keys;
  if (entry == nullptr) return keys;
  for (const SigningKey& key : entry->keys)
    if (IsActive(key))
      keys.push_back({.domain = entry->domain,
                      .selector = ToLower(key.selector),
                      .file = key.file});
  return keys;
}

std::vector<KeyReference> KeyRing::Listed(
    std::string_view local_part, const Domain& author_domain,
    std::vector<std::string>* faults) const {
  std::vector<KeyReference> keys;
  if (signing_table_ == nullptr) return keys;
  std::vector<SigningRow> rows =
      signing_table_->Match(local_part, author_domain);
  if (!has_multiple_signatures_ && rows.size() > 1) rows.resize(1);
  for (SigningRow& row : rows) {
    const std::optional<KeyRow> found = key_table_->Find(row.key_name);
    std::optional<KeyReference> key =
        found ? ReferenceOf(*found, &author_domain, table_folder_)
              : std::nullopt;
    if (!key) {
      faults->push_back(fmt::format("the key table has no key named \"{}\"",
                                    EscapeForLog(row.key_name, 60)));
      continue;
    }
    key->agent = std::move(row.signer);
    keys.push_back(*std::move(key));
  }
  return keys;
}

std::vector<KeyReference> KeyRing::Choose(
    std::string_view local_part, const Domain& author_domain,
    std::vector<std::string>* faults) const {
  std::vector<KeyReference> keys = ActiveKeysOf(Find(author_domain));
  if (!keys.empty()) return keys;
  std::vector<KeyReference> listed = Listed(local_part, author_domain, faults);
  if (IsOf(listed, author_domain)) return listed;
  keys = ActiveKeysOf(Nearest(author_domain, [](const Entry& entry) {
    return std::ranges::any_of(entry.keys, IsActive);
  }));
  if (keys.empty()) keys = std::move(listed);
  if (keys.empty() && fallback_domain_)
    keys = ActiveKeysOf(Find(*fallback_domain_));
  return keys;
}

KeyChoice KeyRing::KeysFor(std::string_view local_part,
                           const Domain& author_domain) const {
  KeyChoice choice;
  for (const KeyReference& reference :
       Choose(local_part, author_domain, &choice.faults)) {
    Result<KeyInUse> key = Open(reference);
    if (key)
      choice.keys.push_back(*std::move(key));
    else
      choice.faults.push_back(key.error().message);
  }
  if (!choice.keys.empty()) return choice;
  choice.unsigned_reason = "no key for " + author_domain.text();
  if (!choice.faults.empty()) {
    choice.unsigned_reason = choice.faults.front();
  } else if (const Entry* own = Find(author_domain)) {
    choice.unsigned_reason = "no active key for " + author_domain.text();
    for (const SigningKey& key : own->keys)
      choice.unsigned_reason +=
          fmt::format("{}{} is {}", &key == own->keys.data() ? ": " : ", ",
                      key.selector, ToString(key.stage));
  }
  return choice;
}

UnsignedMail KeyRing::UnsignedPolicy(const Domain& author_domain) const {
  const Entry* entry = Nearest(author_domain, [](const Entry& candidate) {
    return candidate.unsigned_mail.has_value();
  });
  return entry == nullptr ? unsigned_mail_ : *entry->unsigned_mail;
}

std::vector<KeyReference> KeyRing::References() const {
  std::vector<KeyReference> references;
  for (const Entry& entry : entries_)
    for (const SigningKey& key : entry.keys)
      references.push_back({.domain = entry.domain,
                            .selector = ToLower(key.selector),
                            .file = key.file,
                            .stage = key.stage,
                            .place = PlaceOf(entry.domain, key.selector)});
  if (key_table_ == nullptr) return references;
  const std::vector<TableRow>& rows = key_table_->index().rows();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::optional<KeyRow> row = ParseKeyRow(rows[i]);
    std::optional<KeyReference> key =
        row ? ReferenceOf(*row, nullptr, table_folder_) : std::nullopt;
    if (!key) continue;
    key->place = key_table_->PlaceOf(i);
    references.push_back(*std::move(key));
  }
  return references;
}

Result<KeyInUse> KeyRing::Open(const KeyReference& reference) const {
  const Result<std::shared_ptr<const PrivateKey>> key = cache_->Get(reference);
  if (!key)
    return Fail(fmt::format("{}._domainkey.{}: {}", reference.selector,
                            reference.domain.text(), key.error().message));
  return KeyInUse{reference.domain, reference.selector, *key, reference.agent};
}

}  // namespace postern
