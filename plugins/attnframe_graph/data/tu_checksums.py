"""Where the sets of the TU collection with folds are fetched, and the checksums of their files. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ADDRESS: Final = (
    "https://raw.githubusercontent.com/LiuBeauty/GIN_COMETRUE/8fb89b47171ebae6a18dd955fe29095b33dec018/dataset"
)
ARCHIVE: Final = "73c5f240c5fd6aaab1c423d513e42c7a3ce1874bdfe8c5a87671f715f3e89437"
"""sha256 of an archive of all files."""
CHECKSUMS: Final[Mapping[str, Mapping[str, str]]] = {
    "mutag": {
        "MUTAG.txt": "05395684e2167e0fb31fc57534b5847cdf867ee5348d58497b33b46178c0294d",
        "10fold_idx/test_idx-1.txt": "52a082efad97dbff2220023632ef36009025489cad04ee40d027758cdc2525c4",
        "10fold_idx/test_idx-2.txt": "356bc8b8d00c2da11596ac0589981fcefec6cc2a888c015d9e35f17001e16b20",
        "10fold_idx/test_idx-3.txt": "f485c4e7341e78d08a8450e61861c53406ef7beb86ae2dac16062cf8214eb448",
        "10fold_idx/test_idx-4.txt": "7b8db256fafc179a2bd3c4a7114f0ae3905dd13fb318f34f3281a5a5066161c0",
        "10fold_idx/test_idx-5.txt": "992858c1122d9f9e99c4fe975742632bbcc4dc9cc651c6513c4accf526fbb4b7",
        "10fold_idx/test_idx-6.txt": "eaf2e57b545766e558dd393ee428ac1561bcc07a42908eb8644835ccb4bc3062",
        "10fold_idx/test_idx-7.txt": "eda25cebd772a6935d4b780a4f58d8aa947df43c14463a6ed0aeb2e555462f5c",
        "10fold_idx/test_idx-8.txt": "9da7a48b329f17c16bc15939bafb14bababde6d948aff83583e32cdb1dc2c4d6",
        "10fold_idx/test_idx-9.txt": "274119935ba895fa3d8829a463243800c1982704f9f179bb4ef290af1019c092",
        "10fold_idx/test_idx-10.txt": "adaf574e4804a4c6849a8213121b1a18bd45101a1ca2e83e90b2c0917abee5df",
    },
    "proteins": {
        "PROTEINS.txt": "ed0730f9bf9da68aa6a8c80f2f2b6ecea5d05791ca254c709f3efab3b45d937b",
        "10fold_idx/test_idx-1.txt": "41c02c84ef8cba8a781b32f51c6622c2a5ea6c6911a3c3232a4707b8c1bf0ec9",
        "10fold_idx/test_idx-2.txt": "d2886161063807351509512948351a5ecaa549fb7074ce89c42b72ad7d5db035",
        "10fold_idx/test_idx-3.txt": "3c85ff214e3d208396e706281304e5eee5ddb7f95ac3a10e37785c68a564c979",
        "10fold_idx/test_idx-4.txt": "f0e6908b9b56aa830da2588c5617a427e66c60e6477fef56c17b41b52f9f4e8c",
        "10fold_idx/test_idx-5.txt": "80661f7ae120fddfaed17bdd9a73195f3fadbd6849b8534662aeb2b7b86efe32",
        "10fold_idx/test_idx-6.txt": "3a2be0743b8148b37dcfe627f364e97da595b4efc50424ec295ee572be3d85cd",
        "10fold_idx/test_idx-7.txt": "b1006f84c83fa23249d3d7dfe97ca82d341fb8051c322934665164364403312f",
        "10fold_idx/test_idx-8.txt": "098735673ba5d542e6b96e026015455f27b9e2deeed765b1b4a977fd8f95bcef",
        "10fold_idx/test_idx-9.txt": "376c4d7ca5df6d72d5bfe7afe37b7004dd94ff828842ebedfd1080012e36cce7",
        "10fold_idx/test_idx-10.txt": "b274252b1e25f07be0b20171b15e7c813c06cb8060bd1a0b1898d86fb748a8c2",
    },
}
"""sha256 of the files of each set."""
