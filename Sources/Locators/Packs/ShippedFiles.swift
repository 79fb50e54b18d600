import CResources

/// The files that the program carries inside itself.
enum ShippedFiles {
  /// The files whose names begin with `folder`, in the order of their names.
  static func files(in folder: String) -> [(name: String, bytes: [UInt8])] {
    var count = 0
    let table = cordon_resources(&count)
    var files: [(name: String, bytes: [UInt8])] = []
    for resource in UnsafeBufferPointer(start: table, count: count) {
      let name = String(cString: resource.name)
      guard name.hasPrefix(folder) else { continue }
      let bytes = UnsafeBufferPointer(start: resource.bytes, count: resource.count)
      files.append((String(name.dropFirst(folder.utf8.count)), Array(bytes)))
    }
    return files
  }
}
