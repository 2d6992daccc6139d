package dev.countersign.cli.sandbox;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.countersign.api.v1.AdminServiceGrpc;
import dev.countersign.api.v1.AuditServiceGrpc;
import dev.countersign.api.v1.PolicyInsightServiceGrpc;
import dev.countersign.api.v1.PolicyServiceGrpc;
import dev.countersign.api.v1.PriceServiceGrpc;
import dev.countersign.api.v1.SigningServiceGrpc;
import dev.countersign.api.v1.WalletServiceGrpc;
import dev.countersign.testenv.FileTrees;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Writes the `.proto` files of the services, and of all that they import, so that a client in
/// another language needs nothing else: the folder is its one include directory.
final class ProtoFolder {
  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          AdminServiceGrpc.getServiceDescriptor(),
          AuditServiceGrpc.getServiceDescriptor(),
          PolicyInsightServiceGrpc.getServiceDescriptor(),
          PolicyServiceGrpc.getServiceDescriptor(),
          PriceServiceGrpc.getServiceDescriptor(),
          SigningServiceGrpc.getServiceDescriptor(),
          WalletServiceGrpc.getServiceDescriptor());

  private ProtoFolder() {}

  static void write(Path directory) throws IOException {
    FileTrees.delete(directory);
    var files = new LinkedHashMap<String, FileDescriptor>();
    for (ServiceDescriptor service : SERVICES) {
      if (service.getSchemaDescriptor() instanceof ProtoFileDescriptorSupplier schema) {
        collect(schema.getFileDescriptor(), files);
      }
    }
    for (String name : files.keySet()) {
      var target = directory.resolve(name);
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      try (InputStream in = ProtoFolder.class.getResourceAsStream("/" + name)) {
        if (in == null) {
          throw new IOException(name + " is not on the class path");
        }
        Files.copy(in, target);
      }
    }
  }

  private static void collect(FileDescriptor file, Map<String, FileDescriptor> files) {
    if (files.putIfAbsent(file.getName(), file) == null) {
      file.getDependencies().forEach(imported -> collect(imported, files));
    }
  }
}
