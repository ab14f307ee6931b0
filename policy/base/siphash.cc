#include "policy/base/siphash.h"

#include <bit>
#include <cstddef>

namespace postern {
namespace {

struct State {
  std::uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void Compress(std::uint64_t word) {
    v3 ^= word;
    Round();
    Round();
    v0 ^= word;
  }
};

std::uint64_t Word(std::string_view octets) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < octets.size(); ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(octets[i]))
            << (8 * i);
  return word;
}

}  // namespace

std::uint64_t SipHash(const SipKey& key, std::string_view octets) {
  State state{key.low ^ 0x736f6d6570736575u, key.high ^ 0x646f72616e646f6du,
              key.low ^ 0x6c7967656e657261u, key.high ^ 0x7465646279746573u};
  const std::uint64_t length = static_cast<std::uint64_t>(octets.size()) << 56;
  while (octets.size() >= 8) {
    state.Compress(Word(octets.substr(0, 8)));
    octets.remove_prefix(8);
  }
  state.Compress(length | Word(octets));
  state.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) state.Round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace postern
