#include "policy/config/limit_overrides.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/base/glob.h"
#include "policy/base/text.h"
#include "policy/config/values.h"

namespace postern {
namespace {

constexpr std::string_view kUnlimited = "unlimited";
constexpr std::size_t kMostFaults = 20;

// Where the rates begin: at the first word that is one, or "unlimited".
std::size_t RatesAt(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const bool is_rate = !word.empty() && IsDigit(word.front()) &&
                         word.find('/') != word.npos &&
                         word.find('=') == word.npos;
    if (is_rate || word == kUnlimited) return at;
    at = end + 1;
  }
  return text.npos;
}

std::vector<LimitOverride> Joined(std::vector<LimitOverride> all,
                                  const std::vector<LimitOverride>& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

std::optional<LimitOverride> ParseLimitOverride(std::string_view text) {
  text = Trim(text);
  const std::size_t at = RatesAt(text);
  if (at == text.npos || at == 0) return std::nullopt;
  LimitOverride one;
  one.pattern = ToLower(Trim(text.substr(0, at)));
  if (one.pattern.find('=') == one.pattern.npos && one.pattern != "*")
    return std::nullopt;
  const std::string_view rates = Trim(text.substr(at));
  if (rates == kUnlimited) return one;
  for (const std::string_view piece : Split(rates, ',')) {
    const auto rate = ParseRate(Trim(piece));
    if (!rate) return std::nullopt;
    one.rates.push_back(*rate);
  }
  return one;
}

std::string FormatLimitOverride(const LimitOverride& one) {
  std::string text = one.pattern + ' ';
  if (one.rates.empty()) text += kUnlimited;
  for (std::size_t i = 0; i < one.rates.size(); ++i)
    text += (i == 0 ? "" : ", ") + FormatRate(one.rates[i]);
  return text;
}

LimitOverridesRead ParseLimitOverrides(std::string_view text,
                                       const std::string& file) {
  LimitOverridesRead read;
  int number = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++number;
    line = Trim(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    auto one = ParseLimitOverride(line);
    if (one) {
      read.overrides.push_back(*std::move(one));
      read.lines.push_back(number);
    } else if (read.faults.size() < kMostFaults) {
      read.faults.push_back(
          {file,
           {number, 1},
           fmt::format("not an override: \"{}\"; write \"login=shop-* "
                       "5000/h, 20000/d\" or \"login=boss@* unlimited\"",
                       EscapeForLog(line, 80))});
    }
  }
  return read;
}

LimitOverrides::LimitOverrides(std::vector<LimitOverride> all)
    : all_(std::move(all)) {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (all_[i].pattern.find('*') == std::string::npos)
      whole_.emplace(all_[i].pattern, i);  // the first of equals stays
    else
      globs_.push_back(i);
  }
}

LimitOverrides::LimitOverrides(std::vector<LimitOverride> own, std::string file,
                               LimitOverridesRead read)
    : LimitOverrides(Joined(std::move(own), read.overrides)) {
  file_ = std::move(file);
  lines_ = std::move(read.lines);
}

LimitOverrides::Place LimitOverrides::PlaceOf(const LimitOverride* one) const {
  const auto at = static_cast<std::size_t>(one - all_.data());
  const std::size_t own = all_.size() - lines_.size();
  return at < own ? Place{} : Place{file_, lines_[at - own]};
}

const LimitOverride* LimitOverrides::Find(const std::string& key) const {
  if (const auto whole = whole_.find(key); whole != whole_.end())
    return &all_[whole->second];
  for (const std::size_t i : globs_)
    if (MatchesGlob(key, all_[i].pattern)) return &all_[i];
  return nullptr;
}

}  // namespace postern
