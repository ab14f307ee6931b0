#include "policy/remedies/splices.h"

#include <algorithm>
#include <utility>

namespace postern {

void Splices::Add(std::size_t begin, std::size_t end, std::string text) {
  // They come in their order but for a few; of one place the first stays first.
  splices_.insert(std::ranges::upper_bound(splices_, begin, {}, &Splice::begin),
                  {begin, end, std::move(text)});
}

std::string Splices::Apply(std::string_view text) {
  std::string changed;
  std::size_t copied = 0;
  for (const Splice& splice : splices_) {
    if (splice.begin < copied) continue;
    changed += text.substr(copied, splice.begin - copied);
    changed += splice.text;
    copied = splice.end;
  }
  changed += text.substr(copied);
  return changed;
}

}  // namespace postern
