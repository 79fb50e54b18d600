import CResources

/// The API's description, which the program carries inside itself.
enum OpenAPIDocument {
  static let text: String = {
    var count = 0
    let table = cordon_resources(&count)
    for resource in UnsafeBufferPointer(start: table, count: count)
    where String(cString: resource.name) == "openapi.yaml" {
      return String(decoding: UnsafeBufferPointer(start: resource.bytes, count: resource.count), as: UTF8.self)
    }
    return ""
  }()
}
