// Packs a model as authors' tools do: node pack_model.mjs FROM.glb TO.glb (draco|meshopt|textured)
import { NodeIO } from "@gltf-transform/core";
import { ALL_EXTENSIONS } from "@gltf-transform/extensions";
import { draco, meshopt } from "@gltf-transform/functions";
import draco3d from "draco3dgltf";
import { MeshoptDecoder, MeshoptEncoder } from "meshoptimizer";
import { readFileSync } from "node:fs";

const [source, target, how, picture] = process.argv.slice(2);
const io = new NodeIO().registerExtensions(ALL_EXTENSIONS).registerDependencies({
  "draco3d.encoder": await draco3d.createEncoderModule(),
  "meshopt.decoder": MeshoptDecoder,
  "meshopt.encoder": MeshoptEncoder,
});
const model = await io.read(source);
if (how === "draco") await model.transform(draco());
if (how === "meshopt") await model.transform(meshopt({ encoder: MeshoptEncoder }));
if (how === "textured") {
  const texture = model.createTexture("wall").setImage(readFileSync(picture)).setMimeType("image/png");
  for (const material of model.getRoot().listMaterials()) {
    material.setBaseColorTexture(texture).setBaseColorFactor([1, 1, 1, 1]).setMetallicFactor(0).setRoughnessFactor(1);
  }
  for (const mesh of model.getRoot().listMeshes()) {
    for (const part of mesh.listPrimitives()) {
      const corners = part.getAttribute("POSITION").getCount();
      const buffer = model.getRoot().listBuffers()[0];
      const places = Float32Array.from({ length: corners * 2 }, (_, index) => (index % 4) / 3);
      part.setAttribute("TEXCOORD_0", model.createAccessor().setType("VEC2").setArray(places).setBuffer(buffer));
    }
  }
}
await io.write(target, model);
