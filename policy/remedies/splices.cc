#include "policy/remedies/splices.h"

#include <algorithm>
#include <utility>

namespace postern {

void Splices::Add(std::size_t begin, std::size_t end, std::string text) {
  splices_.push_back({begin, end, std::move(text)});
}

std::string Splices::Apply(std::string_view text) {
  std::ranges::stable_sort(splices_, {}, &Splice::begin);
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
