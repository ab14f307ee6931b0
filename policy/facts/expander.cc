#include "policy/facts/expander.h"

namespace postern {

std::string_view ToString(Expansion::Result result) {
  switch (result) {
    case Expansion::Result::kUnknown:
      return "unknown";
    case Expansion::Result::kTarget:
      return "target";
    case Expansion::Result::kDisabled:
      return "disabled";
    case Expansion::Result::kGone:
      return "gone";
  }
  return "?";
}

}  // namespace postern
