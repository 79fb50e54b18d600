extension ProviderPacks {
  /// The pack that claims the address's host; nil where none does.
  public func pack(of url: WebURL) -> ProviderPack? {
    guard url.hostIsDomain else { return nil }
    let name = url.host.last == UInt8(ascii: ".") ? url.host.dropLast() : url.host
    guard !name.isEmpty else { return nil }
    return name.withUnsafeBufferPointer { bytes in
      hosts.find(bytes, 0..<bytes.count).map { all[hosts.entries[$0].pack] }
    }
  }
}
