// The key ring: sorted by domain, so that a look-up is one binary search for
// each label of the author domain, however many domains there are.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "policy/signing/keys.h"

namespace postern {
namespace {

// Many domains may share one file: each is read once.
using LoadedFiles =
    std::map<std::string, std::shared_ptr<const PrivateKey>, std::less<>>;

Result<std::shared_ptr<const PrivateKey>> Read(const std::string& path,
                                               LoadedFiles* loaded) {
  if (const auto found = loaded->find(path); found != loaded->end())
    return found->second;
  Result<std::shared_ptr<const PrivateKey>> key = PrivateKey::FromFile(path);
  if (key) loaded->emplace(path, *key);
  return key;
}

Result<std::vector<KeyInUse>> KeysOf(const SigningDomain& domain,
                                     LoadedFiles* loaded) {
  std::vector<KeyInUse> keys;
  std::set<std::string, std::less<>> selectors;
  for (const SigningKey& key : domain.keys) {
    const std::string place = fmt::format(
        "signing {}: selector \"{}\": ", domain.domain.text(), key.selector);
    // RFC 6376 s.3.1: a selector is one or more labels.
    const std::optional<Domain> selector = Domain::Parse(key.selector);
    if (!selector) return Fail(place + "not a DNS name; file " + key.file);
    if (!selectors.insert(selector->text()).second)
      return Fail(place + "listed twice, again with file " + key.file);
    Result<std::shared_ptr<const PrivateKey>> read = Read(key.file, loaded);
    if (!read) return Fail(place + read.error().message);
    keys.push_back({domain.domain, selector->text(), *std::move(read)});
  }
  return keys;
}

}  // namespace

Result<std::shared_ptr<const KeyRing>> KeyRing::Load(
    const SigningConfig& config) {
  auto ring = std::make_shared<KeyRing>();
  LoadedFiles loaded;
  for (const SigningDomain& domain : config.domains) {
    Result<std::vector<KeyInUse>> keys = KeysOf(domain, &loaded);
    if (!keys) return Fail(keys.error().message);
    ring->all_.insert(ring->all_.end(), keys->begin(), keys->end());
    ring->entries_.push_back(
        {domain.domain, domain.subdomains, *std::move(keys)});
  }
  std::ranges::sort(ring->entries_, {}, &Entry::domain);
  const auto twice =
      std::ranges::adjacent_find(ring->entries_, {}, &Entry::domain);
  if (twice != ring->entries_.end())
    return Fail(fmt::format("signing {}: listed twice", twice->domain.text()));
  return ring;
}

std::vector<KeyInUse> KeyRing::KeysFor(const Domain& author_domain) const {
  std::optional<Domain> candidate = author_domain;
  while (candidate) {
    const auto entry =
        std::ranges::lower_bound(entries_, *candidate, {}, &Entry::domain);
    if (entry != entries_.end() && entry->domain == *candidate &&
        !entry->keys.empty() &&
        (entry->subdomains || *candidate == author_domain))
      return entry->keys;
    candidate = candidate->Parent();
  }
  return {};
}

}  // namespace postern
