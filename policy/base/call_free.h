// CallFree: the one deleter for everything a C library hands out.
//
//   using Key = std::unique_ptr<EVP_PKEY, CallFree<EVP_PKEY_free>>;
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace postern {

template <auto Free>
struct CallFree {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};

}  // namespace postern
