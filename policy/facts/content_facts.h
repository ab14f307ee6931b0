// What the words of a message are like: phrases and brands of the operator's
// lists, and what other filters think of it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/config/phrases.h"

namespace postern {

struct Facts;
struct GatherFrom;

struct PhraseHit {
  PhraseClass phrase_class = PhraseClass::kUrgency;
  std::string pattern;  // as the operator wrote it
  bool in_subject = false;
};

// A brand that the message names, with a link that is not the brand's.
struct BorrowedBrand {
  std::string name;
  bool in_name_or_subject = false;  // else in the body
  std::string host;                 // of the first such link
};

struct ContentFact {
  // Subject and names together, and texts together; no further part is
  // searched, and of one part no more than that (PartText).
  static constexpr std::size_t kMostOctets = 256 * 1024;

  std::vector<PhraseHit> phrases;  // each once in the subject, once elsewhere
  std::vector<BorrowedBrand> brands;
  bool is_undecided = false;  // there may be more

  [[nodiscard]] std::size_t CountOf(PhraseClass phrase_class) const;
  // The first of this class, or null.
  [[nodiscard]] const PhraseHit* FirstOf(PhraseClass phrase_class) const;
};

// Whether nothing of the text of that part of mime.parts was left unread.
[[nodiscard]] bool IsReadWhole(const Facts& facts, std::size_t part);

// Whether some check that is not off needs the phrases.
[[nodiscard]] bool WantsPhrases(const Facts& facts);

// Fills content where they are wanted; the texts are read already.
void GatherPhrases(Facts* facts);

// What another filter on this host says of the message.
struct SecondOpinion {
  std::string filter;  // "rspamd", "spamd"
  bool is_known = false;
  double score = 0, threshold = 0;
  std::string symbols;  // the first of them
  std::string fault;    // why it is not known
};

// Fills second_opinions where filters are configured.
void GatherSecondOpinions(const GatherFrom& from, Facts* facts);

}  // namespace postern
