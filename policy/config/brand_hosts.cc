// Brands: whose names others put into their hosts.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policy/base/confusable.h"
#include "policy/base/domain.h"
#include "policy/base/text.h"
#include "policy/config/files.h"
#include "policy/config/link_hosts.h"

namespace postern {
namespace {

// Words that an imitator puts beside the brand's.
constexpr std::array<std::string_view, 24> kLures = {
    "account", "accounts", "alert",   "auth",     "billing", "client",
    "confirm", "customer", "help",    "id",       "invoice", "login",
    "logon",   "online",   "pay",     "recovery", "secure",  "security",
    "service", "signin",   "support", "unlock",   "update",  "verify"};

bool IsLure(std::string_view word) {
  return std::ranges::find(kLures, word) != kLures.end();
}

std::string_view FirstLabel(std::string_view domain) {
  return domain.substr(0, domain.find('.'));
}

std::vector<std::string_view> Words(std::string_view host) {
  std::vector<std::string_view> words;
  while (!host.empty()) {
    const std::size_t end = std::min(host.find_first_of(".-"), host.size());
    if (end > 0) words.push_back(host.substr(0, end));
    host.remove_prefix(std::min(end + 1, host.size()));
  }
  return words;
}

// The domain as labels inside the host, not at its end.
bool StandsInFront(std::string_view domain, std::string_view host) {
  const std::size_t at = host.find(domain);
  if (at == host.npos || (at > 0 && host[at - 1] != '.')) return false;
  const std::size_t end = at + domain.size();
  return end < host.size() && (host[end] == '.' || host[end] == '-');
}

}  // namespace

std::vector<WrongLine> BrandHosts::Read(std::string_view text) {
  std::vector<WrongLine> wrong;
  int number = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++number;
    line = Trim(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    Brand brand;
    for (const std::string_view word : Split(line, ' ')) {
      if (word.empty()) continue;
      if (brand.word.empty())
        brand.word = ToLower(word);
      else if (const auto domain = Domain::Parse(word))
        brand.domains.push_back(domain->text());
      else
        wrong.push_back({number, fmt::format("not a domain: \"{}\"",
                                             EscapeForLog(word, 60))});
    }
    if (brand.domains.empty()) {
      wrong.push_back(
          {number, fmt::format("\"{}\" names no domain of the brand",
                               EscapeForLog(brand.word, 60))});
      continue;
    }
    by_word_.emplace(brand.word, brands_.size());
    by_skeleton_.emplace(SkeletonOf(FirstLabel(brand.domains[0])),
                         brands_.size());
    brands_.push_back(std::move(brand));
  }
  return wrong;
}

bool BrandHosts::IsOwn(const Brand& brand, std::string_view site) const {
  // "amazon.co.uk" and "paypal.me" are the brand's too, listed or not.
  return FirstLabel(site) == FirstLabel(brand.domains[0]) ||
         std::ranges::find(brand.domains, site) != brand.domains.end();
}

std::string BrandHosts::ImitatedBy(std::string_view label) const {
  const auto found = by_skeleton_.find(SkeletonOf(label));
  if (found == by_skeleton_.end()) return {};
  const Brand& brand = brands_[found->second];
  const bool is_plain = std::ranges::any_of(
      brand.domains,
      [&](const std::string& domain) { return FirstLabel(domain) == label; });
  return is_plain || label == brand.word ? std::string() : brand.domains[0];
}

std::string BrandHosts::NamedBy(std::string_view host,
                                std::string_view site) const {
  const std::vector<std::string_view> words = Words(host);
  const bool has_lure = std::ranges::any_of(words, IsLure);
  for (const std::string_view word : words) {
    const auto found = by_word_.find(std::string(word));
    if (found == by_word_.end()) continue;
    const Brand& brand = brands_[found->second];
    if (IsOwn(brand, site)) continue;
    const bool is_in_front = std::ranges::any_of(
        brand.domains,
        [&](const std::string& domain) { return StandsInFront(domain, host); });
    if (has_lure || is_in_front) return brand.domains[0];
  }
  return {};
}

BrandHosts BuiltInBrandHosts() {
  BrandHosts brands;
  for (const BuiltInFile& file : BuiltInFiles())
    if (file.path == "lists/brand-hosts.txt") (void)brands.Read(file.text);
  return brands;
}

}  // namespace postern
