#include "policy/config/phrases.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "policy/base/sha256.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMostPhrases = 5'000;
constexpr std::size_t kMostBrands = 2'000;
constexpr std::size_t kLongestPattern = 500;

constexpr std::array<std::pair<PhraseClass, std::string_view>, 7> kClasses = {
    {{PhraseClass::kUrgency, "urgency"},
     {PhraseClass::kCredential, "credential"},
     {PhraseClass::kAdvanceFee, "advance-fee"},
     {PhraseClass::kExtortion, "extortion"},
     {PhraseClass::kWallet, "wallet"},
     {PhraseClass::kTemplate, "template"},
     {PhraseClass::kUnsubscribe, "unsubscribe"}}};

std::optional<PhraseClass> ClassOf(std::string_view word) {
  for (const auto& [phrase_class, name] : kClasses)
    if (name == word) return phrase_class;
  return std::nullopt;
}

bool KeepsCase(PhraseClass phrase_class) {
  return phrase_class == PhraseClass::kTemplate ||
         phrase_class == PhraseClass::kWallet;
}

// As RE2 is given it. A space that may be missing, " ?", is any white space or
// none.
std::string Compilable(const Phrase& phrase) {
  std::string pattern = KeepsCase(phrase.phrase_class) ? "" : "(?i)";
  const std::string_view written = phrase.pattern;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const bool is_optional = written.substr(i).starts_with(" ?");
    if (is_optional) ++i;
    if (written[i] == ' ' || is_optional)
      pattern += is_optional ? "\\s*" : "\\s+";
    else
      pattern += written[i];
  }
  return pattern;
}

// A whole word, its letters taken as they are.
std::string Compilable(const Brand& brand) {
  std::string pattern = "(?i)\\b";
  for (const char c : brand.name) {
    const bool is_plain = IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80;
    if (c == ' ')
      pattern += "\\s+";
    else
      pattern += is_plain ? std::string(1, c) : "\\" + std::string(1, c);
  }
  return pattern + "\\b";
}

// Lines that say something, comments left out, with their numbers.
template <typename Take>
void EachLine(std::string_view text, Take take) {
  int number = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++number;
    line = Trim(line);
    if (!line.empty() && line.front() != '#') take(line, Position{number, 1});
  }
}

// Why the line cannot be read; empty: it was.
std::string TakePhrase(std::string_view line, std::vector<Phrase>* phrases) {
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::optional<PhraseClass> phrase_class = ClassOf(line.substr(0, end));
  if (!phrase_class)
    return fmt::format(
        "not a class of phrases: \"{}\"; write urgency, credential, "
        "advance-fee, extortion, wallet, template or unsubscribe",
        EscapeForLog(line.substr(0, end), 40));
  const std::string_view pattern = Trim(line.substr(end));
  if (pattern.empty()) return "a phrase is missing after the class";
  if (pattern.size() > kLongestPattern) return "longer than 500 octets";
  if (phrases->size() == kMostPhrases) return "more than 5000 phrases";
  const Phrase phrase{*phrase_class, std::string(pattern)};
  const std::string fault = PhraseSet::FaultOf(Compilable(phrase));
  if (!fault.empty())
    return fmt::format("not a regular expression: {}",
                       EscapeForLog(fault, 100));
  phrases->push_back(phrase);
  return {};
}

std::string TakeBrand(std::string_view line, std::vector<Brand>* brands) {
  const std::size_t colon = line.find(':');
  const std::string name(Trim(line.substr(0, colon)));
  if (colon == line.npos || name.empty() || name.size() > 60)
    return R"(not a brand; write "name: domain domain")";
  if (brands->size() == kMostBrands) return "more than 2000 brands";
  Brand brand{.name = name, .domains = {}};
  for (const std::string_view word : Split(line.substr(colon + 1), ' ')) {
    if (Trim(word).empty()) continue;
    const std::optional<Domain> domain = Domain::Parse(Trim(word));
    if (!domain)
      return fmt::format("not a domain: \"{}\"", EscapeForLog(word, 60));
    brand.domains.push_back(*domain);
  }
  if (brand.domains.empty()) return "names no domain of its own";
  const std::string fault = PhraseSet::FaultOf(Compilable(brand));
  if (!fault.empty())
    return fmt::format("not a name: {}", EscapeForLog(fault, 100));
  brands->push_back(std::move(brand));
  return {};
}

}  // namespace

PhrasesRead ParsePhrases(std::string_view text, const std::string& file) {
  PhrasesRead read;
  EachLine(text, [&](std::string_view line, Position where) {
    const std::string fault = TakePhrase(line, &read.phrases);
    if (!fault.empty()) read.faults.push_back({file, where, fault});
  });
  return read;
}

BrandsRead ParseBrands(std::string_view text, const std::string& file) {
  BrandsRead read;
  EachLine(text, [&](std::string_view line, Position where) {
    const std::string fault = TakeBrand(line, &read.brands);
    if (!fault.empty()) read.faults.push_back({file, where, fault});
  });
  return read;
}

PhraseList MakePhraseList(std::vector<Phrase> phrases,
                          std::vector<Brand> brands) {
  std::vector<std::string> patterns;
  for (const Phrase& phrase : phrases) patterns.push_back(Compilable(phrase));
  for (const Brand& brand : brands) patterns.push_back(Compilable(brand));
  Sha256 sha;
  for (const std::string& pattern : patterns)
    sha.Add(fmt::format("{} {}", pattern.size(), pattern));
  PhraseList list{std::move(phrases), std::move(brands), std::nullopt,
                  sha.Finish()};
  Result<PhraseSet> set = PhraseSet::Compile(patterns);
  if (set) list.set = std::move(*set);
  return list;
}

std::string_view ToString(PhraseClass phrase_class) {
  for (const auto& [known, name] : kClasses)
    if (known == phrase_class) return name;
  return "?";
}

}  // namespace postern
