// Phrases and brands: data that the operator may replace (conf/lists).
//
// A line of phrases.txt is a class and a regular expression (RE2's syntax). A
// space in it stands for any white space; upper and lower case are the same but
// in templates. A line of brands.txt is a name, a colon and the domains that
// are the brand's own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/domain.h"
#include "policy/base/phrase_set.h"
#include "policy/config/toml.h"

namespace postern {

enum class PhraseClass {
  kUrgency,
  kCredential,
  kAdvanceFee,
  kExtortion,
  kWallet,       // an address of a crypto currency
  kTemplate,     // what a template system should have filled in
  kUnsubscribe,  // a word for leaving a list
};

struct Phrase {
  PhraseClass phrase_class = PhraseClass::kUrgency;
  std::string pattern;  // as written
};
struct Brand {
  std::string name;
  std::vector<Domain> domains;
};

struct PhrasesRead {
  std::vector<Phrase> phrases;
  Faults faults;
};
struct BrandsRead {
  std::vector<Brand> brands;
  Faults faults;
};
[[nodiscard]] PhrasesRead ParsePhrases(std::string_view text,
                                       const std::string& file);
[[nodiscard]] BrandsRead ParseBrands(std::string_view text,
                                     const std::string& file);

// Both, found in one pass: places below phrases.size() are phrases, the others
// brands.
struct PhraseList {
  std::vector<Phrase> phrases;
  std::vector<Brand> brands;
  std::optional<PhraseSet> set;  // none: they could not be compiled
  std::string digest;  // SHA-256: two lists of one digest find the same places
};
[[nodiscard]] PhraseList MakePhraseList(std::vector<Phrase> phrases,
                                        std::vector<Brand> brands);

[[nodiscard]] std::string_view ToString(PhraseClass phrase_class);

}  // namespace postern
